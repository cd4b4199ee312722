import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Product } from "#base/api/types.ts";
import { type Frame, numberIn } from "../feed/frames.ts";

/** The room says what changes; what was said while the connection was lost is asked for. */
const refreshMs = 60_000;
const productsMax = 100;
/** A list changes for all viewers in the same moment: they ask for it within this time. */
const spreadMs = 1_500;

/** The products of a room, the pinned one first. */
export const productsQuery = (liveId: number) =>
  queryOptions({
    queryKey: keyOf("products", liveId),
    queryFn: async ({ signal }) => {
      const { list } = await ask("live.products", { path: { id: liveId }, query: { page_size: productsMax }, signal });
      return list.toSorted((a, b) => Number(b.is_pinned) - Number(a.is_pinned));
    },
    staleTime: 2_000,
    refetchInterval: refreshMs,
  });

export const ordersQuery = (liveId: number) =>
  queryOptions({
    queryKey: keyOf("orders", liveId),
    queryFn: ({ signal }) => ask("live.orders", { path: { id: liveId }, query: { page_size: 50 }, signal }),
    refetchInterval: refreshMs,
    staleTime: 2_000,
  });

/** The products after a message about one: how many of it are left. Pure. */
const withStock = (products: readonly Product[], id: number, available: number): Product[] =>
  products.map((product) => (product.id === id ? { ...product, available } : product));

/** Notes what the room says of its products. */
export function applyProductFrame(liveId: number, { payload }: Frame): void {
  const id = numberIn(payload, "id");
  if (id === 0) return void setTimeout(() => refreshProducts(liveId), Math.random() * spreadMs);
  queryClient.setQueryData(
    productsQuery(liveId).queryKey,
    (products) => products && withStock(products, id, numberIn(payload, "available")),
  );
  void invalidate(ordersQuery(liveId).queryKey);
}

export const refreshProducts = (liveId: number): void => {
  for (const { queryKey } of [productsQuery(liveId), ordersQuery(liveId)]) void invalidate(queryKey);
};
