import { type Call, type Host, type Id, KinoraError } from "#kernel";
import { relation } from "#services/relation/contract";
import type { Exclusions } from "./exclusion-store.ts";
import type { Tables } from "./store.ts";

const nothing: Exclusions = { userIds: [], videoIds: [] };

/** What lists leave out for a caller: videos of users that a block stands between. */
export function exclusionsOf({ client, call: newCall, log }: Pick<Host<Tables>, "client" | "call" | "log">) {
  /** While relation is away, lists are as for a stranger; the video service looks at blocks once more. */
  async function blockedUsers(userId: Id, { traceId, signal }: Call): Promise<readonly Id[]> {
    try {
      return (await client(relation).hiddenFrom({ userId }, newCall({ traceId, signal }))).userIds;
    } catch (error) {
      if (!(error instanceof KinoraError) || !error.retryable) throw error;
      log.warn("blocks are unavailable", { err: error });
      return [];
    }
  }

  return async (call: Call): Promise<Exclusions> => {
    const { userId } = call;
    return userId === undefined ? nothing : { ...nothing, userIds: await blockedUsers(userId, call) };
  };
}
