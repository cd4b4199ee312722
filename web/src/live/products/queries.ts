import { queryOptions } from "@tanstack/react-query";
import { ask } from "../../api/client.ts";
import { queryClient } from "../../api/queries.ts";

/** The server says nothing of products to those in the room: their stock is asked for. */
const refreshMs = 8_000;
const productsMax = 100;

/** What is sold in a room, the pinned one first. */
export const productsQuery = (liveId: number) =>
  queryOptions({
    queryKey: ["products", liveId],
    queryFn: async ({ signal }) => {
      const { list } = await ask("live.products", { path: { id: liveId }, query: { page_size: productsMax }, signal });
      return list.toSorted((a, b) => Number(b.is_pinned) - Number(a.is_pinned));
    },
    staleTime: 2_000,
    refetchInterval: refreshMs,
  });

export const ordersQuery = (liveId: number) =>
  queryOptions({
    queryKey: ["orders", liveId],
    queryFn: ({ signal }) => ask("live.orders", { path: { id: liveId }, query: { page_size: 50 }, signal }),
    refetchInterval: refreshMs,
    staleTime: 2_000,
  });

export const refreshProducts = (liveId: number): void => {
  for (const { queryKey } of [productsQuery(liveId), ordersQuery(liveId)])
    void queryClient.invalidateQueries({ queryKey });
};
