import { BadToken } from "#policy/account";
import type { Call, Id } from "#kernel";
import { user } from "#services/user/contract";
import type { LiveHost } from "../../settings.ts";

/** The author of a message or giver of a gift, as viewers see them. */
export interface ViewerName {
  readonly username: string;
  readonly nickname: string;
  readonly avatar: string;
}
/** @throws BadToken where the account is deleted */
export type NameLookup = (userId: Id, call: Pick<Call, "traceId" | "signal">) => Promise<ViewerName>;

/** Names change seldom. */
const nameLifeMs = 5_000;

export const createNameLookup =
  ({ cache, client, call: newCall }: LiveHost): NameLookup =>
  (userId, { traceId, signal }) =>
    cache.getOrLoad(`live:name:${userId}`, nameLifeMs, async () => {
      const { items } = await client(user).briefs({ ids: [userId] }, newCall({ traceId, signal }));
      const [brief] = items;
      if (!brief) throw BadToken({});
      return { username: brief.username, nickname: brief.nickname, avatar: brief.avatar };
    });
