import type { Call, Host, Id, PageInput, Reader } from "#kernel";
import { nameKey } from "#kernel/text";
import type { z } from "zod";
import type { Period, search } from "./contract.ts";
import * as hashtagStore from "./hashtag-store.ts";
import type { hiddenUsersOf } from "./hidden-users.ts";
import { isDisplayable, requestedKeyword } from "./keywords.ts";
import type { SearchLog } from "./search-log.ts";
import type { Tables } from "./store.ts";
import { nameNeedlesOf, nameOf, needlesOf } from "./terms.ts";
import * as userStore from "./user-store.ts";
import * as videoStore from "./video-store.ts";

type Input<M extends "all" | "videos" | "users" | "hashtags"> = z.output<(typeof search)["methods"][M]["input"]>;
const dayMs = 86_400_000;
const periodMs: Readonly<Record<Period, number>> = {
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
  year: 365 * dayMs,
};
const emptyResults = { items: [], next: null, total: 0 };

/** A search counts when its first page is requested. */
const isFirstPage = ({ cursor, skip }: Partial<PageInput>) => cursor === undefined && skip === 0;
const sizeOf = ({ total, items }: { total?: number; items: readonly unknown[] }) => total ?? items.length;

/** The results of a search: videos, users and hashtags, together or one kind by itself. */
export function resultsOf(
  { db, now }: Pick<Host<Tables>, "db" | "now">,
  { searchLog, hiddenUsers }: { readonly searchLog: SearchLog; readonly hiddenUsers: ReturnType<typeof hiddenUsersOf> },
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
      const reader = db.read(call);
      const [videos, users, hashtags] = await Promise.all([
        videosBy(reader, { keyword: requested, hidden, sort: "relevance" }, page),
        usersBy(reader, { keyword: requested, hidden, sort: "relevance" }, page),
        hashtagsBy(reader, { keyword: requested, sort: "relevance" }, page),
      ]);
      if (isFirstPage(page)) record(requested, call, sizeOf(videos) + sizeOf(users) + sizeOf(hashtags));
      return { videos, users, hashtags };
    },

    async videos({ q, keyword, sort, period, ...page }: Input<"videos">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const hidden = await hiddenUsers(call);
      const sinceMs = period && now() - periodMs[period];
      const results = await videosBy(db.read(call), { keyword: requested, hidden, sort, sinceMs }, page);
      if (isFirstPage(page)) record(requested, call, sizeOf(results));
      return results;
    },

    async users({ q, keyword, sort, ...page }: Input<"users">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const hidden = await hiddenUsers(call);
      const results = await usersBy(db.read(call), { keyword: requested, hidden, sort }, page);
      if (isFirstPage(page)) record(requested, call, sizeOf(results));
      return results;
    },

    async hashtags({ q, keyword, sort, ...page }: Input<"hashtags">, call: Call) {
      const requested = requestedKeyword({ q, keyword });
      const results = await hashtagsBy(db.read(call), { keyword: requested, sort }, page);
      if (isFirstPage(page)) record(requested, call, sizeOf(results));
      return results;
    },
  };
}

interface Request<Sort> {
  readonly keyword: string;
  readonly sort: Sort;
}
interface Hiding {
  readonly hidden: readonly Id[];
}

async function videosBy(
  reader: Reader<Tables>,
  {
    keyword,
    hidden,
    sort,
    sinceMs,
  }: Request<"relevance" | "new" | "hot"> & Hiding & { readonly sinceMs?: number | undefined },
  page: PageInput,
) {
  const needles = needlesOf(keyword);
  if (needles.length === 0) return emptyResults;
  const query = { key: nameKey(keyword), needles, hidden, sinceMs };
  const { items, ...rest } = await videoStore.search(reader, query, sort, page);
  return { ...rest, items: items.map(({ videoId }) => ({ videoId })) };
}

async function usersBy(
  reader: Reader<Tables>,
  { keyword, hidden, sort }: Request<"relevance" | "new"> & Hiding,
  page: PageInput,
) {
  const name = nameOf(keyword);
  if (name === "") return emptyResults;
  const needles = nameNeedlesOf(keyword);
  const { items, ...rest } = await userStore.search(reader, { name, needles, hidden }, sort, page);
  return { ...rest, items: items.map(({ userId }) => ({ userId })) };
}

async function hashtagsBy(reader: Reader<Tables>, { keyword, sort }: Request<"relevance" | "new">, page: PageInput) {
  const key = nameKey(keyword).replace(/^#/, "");
  const needles = needlesOf(key);
  if (needles.length === 0) return emptyResults;
  const { items, ...rest } = await hashtagStore.search(reader, { key, needles }, sort, page);
  return { ...rest, items: items.map(({ hashtagId }) => ({ hashtagId })) };
}
