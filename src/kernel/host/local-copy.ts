import type { Subscription } from "../bus/subscription.ts";
import type { Call } from "../call.ts";
import type { Method } from "../contract.ts";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import type { MigrationStep } from "../db/upgrade/steps.ts";

/**
 * A table of facts that another service owns, kept by events in each service that decides by them. A plugin names it in
 * `copies`; the host makes the table, subscribes to the events and answers the methods by which the owner compares.
 */
export interface LocalCopy<M extends Record<string, Method> = Record<string, Method>> {
  /** The name of its table, and of its part of the migrations. */
  readonly table: string;
  /** Append only from the first release on. */
  readonly migrations: (schema: string) => readonly MigrationStep[];
  /** For the contract of a service that has it. */
  readonly methods: M;
  readonly handlers: (db: Db<KernelTables>) => {
    readonly [N in keyof M]: (input: never, call: Call) => Promise<object>;
  };
  readonly subscriptions: (host: { readonly now: () => number }) => readonly Subscription<KernelTables>[];
}
