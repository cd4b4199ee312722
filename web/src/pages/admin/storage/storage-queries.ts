import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Transfer } from "#base/api/types.ts";

const pollMs = 2000;

/** True if the server works on it, or will. */
export const isActive = ({ status }: Transfer): boolean => status === "queued" || status === "running";

export const storesQuery = queryOptions({
  queryKey: keyOf("stores"),
  queryFn: ({ signal }) => ask("transfer.stores", { signal }),
});

export const damagedQuery = queryOptions({
  queryKey: keyOf("transfers", "damaged"),
  queryFn: ({ signal }) => ask("transfer.damaged", { signal }),
  // It is found while nobody looks.
  refetchInterval: 30_000,
});

export const freedSpaceQuery = queryOptions({
  queryKey: keyOf("freed-space"),
  queryFn: ({ signal }) => ask("transfer.freedSpace", { signal }),
  refetchInterval: ({ state }) => (state.data?.latest?.status === "running" ? pollMs : false),
});

export const transfersQuery = infiniteQueryOptions({
  queryKey: keyOf("transfers", "list"),
  queryFn: ({ pageParam, signal }) => ask("transfer.list", { query: { cursor: pageParam, page_size: 20 }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor ?? null,
  refetchInterval: ({ state }) => (state.data?.pages.some(({ list }) => list.some(isActive)) === true ? pollMs : false),
});

export const transferQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("transfer", id),
    queryFn: ({ signal }) => ask("transfer.get", { path: { id }, signal }),
  });

export const transfersChanged = (): Promise<void> => invalidate(keyOf("transfers"));
