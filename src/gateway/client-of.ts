import type { Client, Contract } from "#kernel";

/** The client of a service, wherever the service runs. */
export type ClientOf = <C extends Contract>(contract: C) => Client<C>;
