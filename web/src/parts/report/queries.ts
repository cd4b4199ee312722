import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { ModerationCase, Operations } from "#base/api/types.ts";

const paged = { initialPageParam: null as string | null, staleTime: 0 };
const next = { getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor };

export const myReportsQuery = infiniteQueryOptions({
  queryKey: keyOf("moderation", "reports"),
  queryFn: ({ pageParam, signal }) => ask("moderation.reports", { query: { cursor: pageParam }, signal }),
  ...paged,
  ...next,
});

export const myDecisionsQuery = infiniteQueryOptions({
  queryKey: keyOf("moderation", "decisions"),
  queryFn: ({ pageParam, signal }) => ask("moderation.decisions", { query: { cursor: pageParam }, signal }),
  ...paged,
  ...next,
});

/** New cases come by themselves, and those whose content was not known yet get its text. */
const queueMs = 20_000;

type Wanted = Pick<Operations["moderation.queue"]["query"], "state" | "kind" | "held" | "mine" | "sort">;
export const queueQuery = ({ held, mine, ...wanted }: Wanted) =>
  infiniteQueryOptions({
    queryKey: keyOf("moderation", "queue", wanted, held ?? null, mine ?? null),
    queryFn: ({ pageParam, signal }) =>
      ask("moderation.queue", {
        // The client writes everything as text.
        query: {
          ...wanted,
          ...(held !== undefined && { held: String(held) as never }),
          ...(mine !== undefined && { mine: String(mine) as never }),
          cursor: pageParam,
        },
        signal,
      }),
    ...paged,
    ...next,
    refetchInterval: queueMs,
  });

/** How much waits, by the tabs of the queue. */
export const countsQuery = queryOptions({
  queryKey: keyOf("moderation", "counts"),
  queryFn: ({ signal }) => ask("moderation.counts", { signal }),
  staleTime: 0,
  refetchInterval: queueMs,
});

export const appealsQuery = infiniteQueryOptions({
  queryKey: keyOf("moderation", "appeals"),
  queryFn: ({ pageParam, signal }) => ask("moderation.appeals", { query: { cursor: pageParam }, signal }),
  ...paged,
  ...next,
});

export const caseQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("moderation", "case", id, "itself"),
    queryFn: ({ signal }) => ask("moderation.oneCase", { path: { id }, signal }),
    staleTime: 0,
  });

export const caseReportsQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("moderation", "case", id, "reports"),
    queryFn: ({ pageParam, signal }) =>
      ask("moderation.caseReports", { path: { id }, query: { cursor: pageParam }, signal }),
    ...paged,
    ...next,
  });

export const caseHistoryQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("moderation", "case", id, "history"),
    queryFn: ({ pageParam, signal }) =>
      ask("moderation.history", { path: { id }, query: { cursor: pageParam, page_size: 10 }, signal }),
    ...paged,
    ...next,
  });

export const caseNotesQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("moderation", "case", id, "notes"),
    queryFn: ({ pageParam, signal }) => ask("moderation.notes", { path: { id }, query: { cursor: pageParam }, signal }),
    ...paged,
    ...next,
  });
export type CaseNote = Operations["moderation.notes"]["answer"]["list"][number];

export type Act = NonNullable<ModerationCase["action"]>;
export type Kind = ModerationCase["kind"];
