import type { Call, Host, Id } from "#kernel";
import { user } from "#services/user/contract";
import { UnknownUser } from "../contract.ts";
import type { Tables } from "../store.ts";

export type RequireUser = (id: Id, call: Call) => Promise<void>;

/** Yields a check that throws {@link UnknownUser} where there is no user of an id. */
export const createUserCheck =
  ({ client, call: newCall }: Pick<Host<Tables>, "client" | "call">): RequireUser =>
  async (id, { traceId, signal }) => {
    const { items } = await client(user).briefs({ ids: [id] }, newCall({ traceId, signal }));
    if (items.length === 0) throw UnknownUser({});
  };
