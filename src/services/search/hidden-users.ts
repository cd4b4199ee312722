import type { Call, Host, Id } from "#kernel";
import { relation } from "#services/relation/contract";

/** The users that a caller does not meet in results, because one of the two blocks the other. */
export type HiddenUsers = (call: Call) => Promise<readonly Id[]>;

export const createHiddenUsers =
  ({ client, call: newCall }: Pick<Host, "client" | "call">): HiddenUsers =>
  async ({ userId, traceId, signal }: Call): Promise<readonly Id[]> =>
    userId === undefined ? [] : (await client(relation).hiddenFrom({ userId }, newCall({ traceId, signal }))).userIds;
