import type { Call, Host, PageInput } from "#kernel";
import { nameKey } from "#kernel/text";
import type { z } from "zod";
import type { Period, search } from "./contract.ts";
import { foundHashtags, foundUsers } from "./documents/found-names.ts";
import { didYouMean, foundVideos } from "./documents/found-videos.ts";
import type { SearchMemory } from "./documents/memory.ts";
import type { hiddenUsersOf } from "./hidden-users.ts";
import { isDisplayable, requestedKeyword } from "./keywords.ts";
import type { SearchLog } from "./search-log.ts";
import type { Tables } from "./store.ts";

type Input<M extends "all" | "videos" | "users" | "hashtags"> = z.output<(typeof search)["methods"][M]["input"]>;
const dayMs = 86_400_000;
const periodMs: Readonly<Record<Period, number>> = {
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
  year: 365 * dayMs,
};

/** A search counts when its first page is requested. */
const isFirstPage = ({ cursor, skip }: Partial<PageInput>) => cursor === undefined && skip === 0;
const sizeOf = ({ total, items }: { total?: number; items: readonly unknown[] }) => total ?? items.length;

interface ResultParts {
  readonly searchLog: SearchLog;
  readonly hiddenUsers: ReturnType<typeof hiddenUsersOf>;
  readonly memory: SearchMemory;
}

/** The results of a search: videos, users and hashtags, together or one kind by itself. */
export function resultsOf(
  { db, now }: Pick<Host<Tables>, "db" | "now">,
  { searchLog, hiddenUsers, memory }: ResultParts,
) {
  function record(keyword: string, { userId, source = "" }: Call, results: number): void {
    const key = nameKey(keyword);
    const searcher = userId === undefined ? `from:${source}` : `user:${userId}`;
    searchLog.add({ userId, searcher, key, keyword, results, atMs: now(), isDisplayable: isDisplayable(key) });
  }

  return {
    async all({ q, keyword, ...page }: Input<"all">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const hidden = await hiddenUsers(call);
      const [videos, users, hashtags] = await Promise.all([
        foundVideos({ db, memory, now }, { keyword: requested, hidden, sort: "relevance" }, page),
        foundUsers(memory, { keyword: requested, hidden, sort: "relevance" }, page),
        foundHashtags(memory, { keyword: requested, sort: "relevance" }, page),
      ]);
      if (isFirstPage(page)) record(requested, call, sizeOf(videos) + sizeOf(users) + sizeOf(hashtags));
      return { videos, users, hashtags, didYouMean: didYouMean(memory, requested) };
    },

    async videos({ q, keyword, period, cursor, skip, limit, count, ...request }: Input<"videos">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const hidden = await hiddenUsers(call);
      const sinceMs = period && now() - periodMs[period];
      const page = { cursor, skip, limit, count };
      const results = await foundVideos({ db, memory, now }, { ...request, keyword: requested, hidden, sinceMs }, page);
      if (isFirstPage(page)) record(requested, call, sizeOf(results));
      return { ...results, didYouMean: didYouMean(memory, requested) };
    },

    async users({ q, keyword, sort, ...page }: Input<"users">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const hidden = await hiddenUsers(call);
      const results = await foundUsers(memory, { keyword: requested, hidden, sort }, page);
      if (isFirstPage(page)) record(requested, call, sizeOf(results));
      return results;
    },

    async hashtags({ q, keyword, sort, ...page }: Input<"hashtags">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const results = await foundHashtags(memory, { keyword: requested, sort }, page);
      if (isFirstPage(page)) record(requested, call, sizeOf(results));
      return results;
    },
  };
}
