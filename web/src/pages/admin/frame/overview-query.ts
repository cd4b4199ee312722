import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

/** How the instance is. The server asks all services at most every five seconds. */
export const overviewQuery = queryOptions({
  queryKey: keyOf("overview"),
  queryFn: ({ signal }) => ask("instance.overview", { signal }),
  staleTime: 10_000,
});

/** Jobs that were given up, the latest first: as many as the overview shows. */
export const failedJobsQuery = queryOptions({
  queryKey: keyOf("failed-jobs"),
  queryFn: ({ signal }) => ask("worker.dead", { query: { page_size: 3 }, signal }),
  staleTime: 10_000,
});
