import { audited, type Call, type Host } from "#kernel";
import { nameKey } from "#kernel/text";
import { valueOf } from "#policy/hot-score";
import { keywordOf } from "./keywords.ts";
import { type BlocklistFilter, withoutBlocked } from "./blocked-keywords.ts";
import type { SearchLog } from "./search-log.ts";
import type { Tables } from "./store.ts";
import * as wordStore from "./word-store.ts";

/** A list keeps its length when up to this many of its keywords are blocked. */
const blockedMax = 100;

/** Trending searches, and the keywords that moderators hid from them. */
export const createHotSearches = (
  { db, emit, now }: Pick<Host<Tables>, "db" | "emit" | "now">,
  { searchLog, filter }: { readonly searchLog: SearchLog; readonly filter: BlocklistFilter },
) => ({
  async hot({ limit }: { limit: number }) {
    await searchLog.flush();
    const words = await withoutBlocked(filter, await wordStore.hottest(db, limit + blockedMax));
    return {
      items: words.slice(0, limit).map(({ keyword, hotScore }, place) => ({
        keyword,
        score: valueOf(hotScore, now()),
        rank: place + 1,
      })),
    };
  },

  hiddenWords: async ({ limit }: { limit: number }) => ({ items: await wordStore.listHidden(db, limit) }),

  async setHidden({ keyword, isHidden }: { keyword: string; isHidden: boolean }, { userId: actorId }: Call) {
    await searchLog.flush();
    const word = keywordOf(keyword);
    await db.tx(async (tx) => {
      if (!(await wordStore.setHidden(tx, nameKey(word), word, isHidden))) return;
      const act = isHidden ? "search.word_hidden" : "search.word_shown";
      // Not the keyword itself: a user wrote it, and entries of the audit trail are never deleted.
      await emit(tx, audited, 1, { act, atMs: now(), ...(actorId !== undefined && { actorId }) });
    });
    return {};
  },
});
