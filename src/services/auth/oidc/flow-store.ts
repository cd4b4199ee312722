import type { Tx } from "#kernel";
import type { Tables } from "../store.ts";

export const insert = (tx: Tx<Tables>, row: Tables["auth.provider_flows"]) =>
  tx.insertInto("auth.provider_flows").values(row).execute();

/** Removes a flow, and yields it to the one request that did so. */
export const take = (tx: Tx<Tables>, stateHash: string): Promise<Tables["auth.provider_flows"] | undefined> =>
  tx.deleteFrom("auth.provider_flows as flows").where("state_hash", "=", stateHash).returningAll().executeTakeFirst();

export const forgetFlows = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("auth.provider_flows as flows").where("expires_at_ms", "<", beforeMs).execute();
