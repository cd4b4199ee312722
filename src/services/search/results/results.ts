import { type Call, callerOf, type Host, type PageInput } from "#kernel";
import { nameKey } from "#kernel/text";
import type { z } from "zod";
import type { SearchBackend } from "../backend/port.ts";
import type { Period, search } from "../contract.ts";
import { foundFiles } from "./found-files.ts";
import { foundLives } from "./found-lives.ts";
import { foundHashtags, foundUsers } from "./found-names.ts";
import { createFoundVideos } from "./found-videos.ts";
import type { HiddenUsers } from "../hidden-users.ts";
import { isDisplayable, requestedKeyword } from "../keywords.ts";
import type { SearchLog } from "../search-log.ts";
import type { Tables } from "../store.ts";

type Input<M extends "all" | "videos" | "users" | "hashtags" | "lives" | "files"> = z.output<
  (typeof search)["methods"][M]["input"]
>;
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
  readonly hiddenUsers: HiddenUsers;
  readonly backend: SearchBackend;
}

/** The results of a search: videos, users, hashtags and live rooms, together or one kind by itself. */
export function createResults(
  { db, now }: Pick<Host<Tables>, "db" | "now">,
  { searchLog, hiddenUsers, backend }: ResultParts,
) {
  const foundVideos = createFoundVideos({ db, backend, now });

  function record(keyword: string, { userId, source = "" }: Call, results: number): void {
    const key = nameKey(keyword);
    const searcher = userId === undefined ? `from:${source}` : `user:${userId}`;
    searchLog.add({ userId, searcher, key, keyword, results, atMs: now(), isDisplayable: isDisplayable(key) });
  }

  return {
    async all({ q, keyword, ...page }: Input<"all">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const hidden = await hiddenUsers(call);
      const [videos, users, hashtags, lives, didYouMean] = await Promise.all([
        foundVideos({ keyword: requested, hidden, sort: "relevance" }, page),
        foundUsers(backend, { keyword: requested, hidden, sort: "relevance" }, page),
        foundHashtags(backend, { keyword: requested, sort: "relevance" }, page),
        foundLives(backend, { keyword: requested, hidden, sort: "relevance" }, page),
        backend.correction(requested),
      ]);
      if (isFirstPage(page)) {
        const results = [videos, users, hashtags, lives].reduce((sum, resultPage) => sum + sizeOf(resultPage), 0);
        record(requested, call, results);
      }
      return { videos, users, hashtags, lives, didYouMean };
    },

    async videos({ q, keyword, period, cursor, skip, limit, count, ...request }: Input<"videos">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const hidden = await hiddenUsers(call);
      const sinceMs = period && now() - periodMs[period];
      const page = { cursor, skip, limit, count };
      const [results, didYouMean] = await Promise.all([
        foundVideos({ ...request, keyword: requested, hidden, sinceMs }, page),
        backend.correction(requested),
      ]);
      if (isFirstPage(page)) record(requested, call, sizeOf(results));
      return { ...results, didYouMean };
    },

    async users({ q, keyword, sort, ...page }: Input<"users">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const hidden = await hiddenUsers(call);
      const results = await foundUsers(backend, { keyword: requested, hidden, sort }, page);
      if (isFirstPage(page)) record(requested, call, sizeOf(results));
      return results;
    },

    async hashtags({ q, keyword, sort, ...page }: Input<"hashtags">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const results = await foundHashtags(backend, { keyword: requested, sort }, page);
      if (isFirstPage(page)) record(requested, call, sizeOf(results));
      return results;
    },

    async lives({ q, keyword, sort, ...page }: Input<"lives">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const hidden = await hiddenUsers(call);
      const results = await foundLives(backend, { keyword: requested, hidden, sort }, page);
      if (isFirstPage(page)) record(requested, call, sizeOf(results));
      return results;
    },

    // Names of files are private: a search for them is recorded nowhere.
    async files({ q, keyword, sort, kind, ...page }: Input<"files">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      return foundFiles({ db, backend }, { keyword: requested, sort, kind, userId: callerOf(call) }, page);
    },
  };
}
