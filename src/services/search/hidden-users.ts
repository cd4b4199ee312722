import type { Call, Host, Id } from "#kernel";
import { relation } from "#services/relation/contract";

/** The users that a caller does not meet in results, because one of the two blocks the other. */
export const hiddenUsersOf =
  ({ client, call: newCall }: Pick<Host, "client" | "call">) =>
  async ({ userId, traceId, signal }: Call): Promise<readonly Id[]> =>
    userId === undefined ? [] : (await client(relation).hiddenFrom({ userId }, newCall({ traceId, signal }))).userIds;
