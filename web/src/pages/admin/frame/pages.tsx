import type { ReactNode } from "react";
import { LoadFailed, LoadMore, type Paging } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";

interface PagesProps<Item> {
  query: Paging & {
    readonly data: { readonly pages: readonly { readonly list: readonly Item[] }[] } | undefined;
    readonly isError: boolean;
    refetch(): Promise<unknown>;
  };
  /** The text of an empty list. */
  none: ReactNode;
  listClass?: string;
  children: (item: Item, place: number) => ReactNode;
}

/** A list that goes on when it is asked to; what failed is asked for again, and what is around it stays. */
export function Pages<Item>({ query, none, listClass = "flex flex-col gap-2", children }: PagesProps<Item>) {
  if (query.data === undefined && query.isError) return <LoadFailed query={query} />;
  if (query.data === undefined) return <Skeleton className="h-20 w-full rounded-xl" />;
  const items = query.data.pages.flatMap(({ list }) => list);
  if (items.length === 0) return typeof none === "string" ? <p className="text-soft">{none}</p> : none;
  return (
    <>
      <ul className={listClass}>{items.map(children)}</ul>
      <LoadMore query={query} className="mt-4" />
    </>
  );
}
