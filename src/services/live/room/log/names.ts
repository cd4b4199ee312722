import { BadToken } from "#policy/account";
import type { Call, Id } from "#kernel";
import type { CacheDeclaration } from "#kernel/cache/policy";
import { createSharedCache } from "#kernel/cache/shared";
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

const namesCache: CacheDeclaration = {
  name: "live.names",
  what: "Names and pictures of accounts that write in live rooms.",
  ttlMs: 5_000,
  isShared: true,
};

export function createNameLookup({ cache, caches, client, call: newCall }: LiveHost): NameLookup {
  async function ask(userId: Id, call: Call): Promise<ViewerName> {
    const { items } = await client(user).briefs({ ids: [userId] }, call);
    const [brief] = items;
    if (!brief) throw BadToken({});
    return { username: brief.username, nickname: brief.nickname, avatar: brief.avatar };
  }
  const names = createSharedCache(cache, caches.declare(namesCache), {
    subject: "user",
    load: (key) => ask(Number(key), newCall()),
  });
  return (userId, { traceId, signal }) =>
    names.getOrLoad(String(userId), () => ask(userId, newCall({ traceId, signal })));
}
