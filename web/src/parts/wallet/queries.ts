import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Wallet } from "#base/api/types.ts";

export const walletQuery = queryOptions({
  queryKey: keyOf("wallet"),
  queryFn: ({ signal }) => ask("live.wallet", { signal }),
});

/** Shows the balance after a payment. */
export const storeBalance = (balance: number): void => {
  queryClient.setQueryData<Wallet>(walletQuery.queryKey, (wallet) => wallet && { ...wallet, balance });
  void invalidate(keyOf("wallet", "statement"));
};

const pages = {
  initialPageParam: null as string | null,
  getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor,
};

export const statementQuery = infiniteQueryOptions({
  queryKey: keyOf("wallet", "statement"),
  queryFn: ({ pageParam, signal }) => ask("live.statement", { query: { cursor: pageParam, page_size: 30 }, signal }),
  ...pages,
  staleTime: 0,
});

export const payoutsQuery = infiniteQueryOptions({
  queryKey: keyOf("wallet", "payouts"),
  queryFn: ({ pageParam, signal }) => ask("live.ownPayouts", { query: { cursor: pageParam, page_size: 10 }, signal }),
  ...pages,
  staleTime: 0,
});
