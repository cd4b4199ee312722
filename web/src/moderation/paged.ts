import { infiniteQueryOptions } from "@tanstack/react-query";
import { ask } from "../api/client.ts";
import type { ModerationCase, Rows } from "../api/generated.ts";

const paged = { initialPageParam: null as string | null, staleTime: 0 };
const next = { getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor };

export const myReportsQuery = infiniteQueryOptions({
  queryKey: ["moderation", "reports"],
  queryFn: ({ pageParam, signal }) => ask("moderation.reports", { query: { cursor: pageParam }, signal }),
  ...paged,
  ...next,
});

export const myDecisionsQuery = infiniteQueryOptions({
  queryKey: ["moderation", "decisions"],
  queryFn: ({ pageParam, signal }) => ask("moderation.decisions", { query: { cursor: pageParam }, signal }),
  ...paged,
  ...next,
});

type Wanted = Pick<Rows["moderation.queue"]["query"], "state" | "kind" | "held" | "sort">;
export const queueQuery = ({ held, ...wanted }: Wanted) =>
  infiniteQueryOptions({
    queryKey: ["moderation", "queue", wanted, held ?? null],
    queryFn: ({ pageParam, signal }) =>
      ask("moderation.queue", {
        // The client writes everything as text.
        query: { ...wanted, ...(held !== undefined && { held: String(held) as never }), cursor: pageParam },
        signal,
      }),
    ...paged,
    ...next,
  });

export const appealsQuery = infiniteQueryOptions({
  queryKey: ["moderation", "appeals"],
  queryFn: ({ pageParam, signal }) => ask("moderation.appeals", { query: { cursor: pageParam }, signal }),
  ...paged,
  ...next,
});

export const caseReportsQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ["moderation", "case", id],
    queryFn: ({ pageParam, signal }) =>
      ask("moderation.caseReports", { path: { id }, query: { cursor: pageParam }, signal }),
    ...paged,
    ...next,
  });

export type Act = NonNullable<ModerationCase["action"]>;
export type Kind = ModerationCase["kind"];
