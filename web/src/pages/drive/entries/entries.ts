import { type InfiniteData, infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { DriveEntry, Operations, SharedEntry } from "#base/api/types.ts";

export type Entry = DriveEntry;
/** An entry as a list shows it, one's own or one of a link. */
export type Listed = SharedEntry & Partial<Pick<DriveEntry, "is_shared" | "trashed_at" | "folder_id">>;
export type Page = Operations["drive.list"]["answer"];
export type Sort = "name" | "date" | "size";
export type Order = "asc" | "desc";

const pageSize = 100;
/** Longer lists are changed in place: to fetch all of them anew would take longer than anybody waits. */
const pagesRefetched = 5;

/** The place that a list shows. */
export type Place =
  | { kind: "folder"; folderId: number | null; sort: Sort; order: Order }
  | { kind: "search"; q: string }
  | { kind: "recent" }
  | { kind: "trash" };

export const listQuery = (place: Place) =>
  infiniteQueryOptions({
    queryKey: keyOf("drive", "list", place),
    queryFn: ({ pageParam, signal }) => fetchPage(place, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page) => last.next_cursor,
  });

async function fetchPage(place: Place, cursor: string | null, signal: AbortSignal): Promise<Page> {
  const paging = { page_size: pageSize, cursor };
  switch (place.kind) {
    case "folder": {
      const { folderId, sort, order } = place;
      return ask("drive.list", { query: { folder_id: folderId, sort, order, ...paging }, signal });
    }
    case "recent":
      return ask("drive.recent", { query: paging, signal });
    case "trash":
      return ask("drive.trashed", { query: paging, signal });
    case "search": {
      const { list } = await ask("drive.search", { query: { q: place.q, limit: 100 }, signal });
      return { list, page: 1, page_size: 100, next_cursor: null, has_more: false };
    }
  }
}

export const pathQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("drive", "path", id),
    queryFn: async ({ signal }) => (await ask("drive.path", { path: { id }, signal })).list,
  });

export const entryQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("drive", "entry", id),
    queryFn: ({ signal }) => ask("drive.get", { path: { id }, signal }),
  });

export const usageQuery = queryOptions({
  queryKey: keyOf("drive", "usage"),
  queryFn: ({ signal }) => ask("drive.usage", { signal }),
});

export const sharesQuery = (entryId: number) =>
  queryOptions({
    queryKey: keyOf("drive", "shares", entryId),
    queryFn: async ({ signal }) =>
      (await ask("drive.shares", { query: { entry_id: entryId, page_size: 100 }, signal })).list,
  });

type Pages = InfiniteData<Page, string | null>;

let refreshing: ReturnType<typeof setTimeout> | null = null;

/** Fetches anew what lists show, once a second at most; of long lists only what is opened next. */
export function refreshLists(): void {
  refreshing ??= setTimeout(() => {
    refreshing = null;
    const isLong = (data: unknown) => isPages(data) && data.pages.length > pagesRefetched;
    void queryClient.invalidateQueries({
      queryKey: keyOf("drive"),
      refetchType: "none",
      predicate: ({ state }) => isLong(state.data),
    });
    void queryClient.invalidateQueries({ queryKey: keyOf("drive"), predicate: ({ state }) => !isLong(state.data) });
  }, 400);
}

const isPages = (data: unknown): data is Pages => typeof data === "object" && data !== null && "pages" in data;

/** Takes entries out of every list immediately, before the server's answer. Returns the way to put them back. */
export function hideEntries(ids: ReadonlySet<number>): () => void {
  const before = queryClient.getQueriesData<Pages>({ queryKey: keyOf("drive") });
  eachList((list) => list.filter(({ id }) => !ids.has(id)));
  return () => {
    for (const [key, data] of before) if (isPages(data)) queryClient.setQueryData(key, data);
  };
}

/** Shows an entry as it is now, wherever it is listed. */
export function patchEntry(id: number, part: Partial<Entry>): void {
  eachList((list) => list.map((entry) => (entry.id === id ? { ...entry, ...part } : entry)));
}

function eachList(change: (list: Entry[]) => Entry[]) {
  queryClient.setQueriesData<Pages>({ queryKey: keyOf("drive") }, (data) =>
    isPages(data) ? { ...data, pages: data.pages.map((page) => ({ ...page, list: change(page.list) })) } : data,
  );
}

export const contentUrl = (id: number, ticket?: string, isInline = true): string => {
  const query = new URLSearchParams({ ...(isInline && { inline: "1" }), ...(ticket !== undefined && { ticket }) });
  const text = query.toString();
  return `/api/v1/drive/${id}/content${text === "" ? "" : `?${text}`}`;
};
