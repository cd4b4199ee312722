import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/button.tsx";

interface PagesProps<Item> {
  query: {
    readonly data: { readonly pages: readonly { readonly list: readonly Item[] }[] } | undefined;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
  /** What is said where there is nothing. */
  none: ReactNode;
  children: (item: Item, place: number) => ReactNode;
}

/** A list that goes on when it is asked to. */
export function Pages<Item>({ query, none, children }: PagesProps<Item>) {
  const { t } = useTranslation();
  if (query.data === undefined) return <div aria-busy className="skeleton h-20 w-full rounded-xl" />;
  const items = query.data.pages.flatMap(({ list }) => list);
  if (items.length === 0) return typeof none === "string" ? <p className="text-soft">{none}</p> : none;
  return (
    <>
      <ul className="flex flex-col gap-2">{items.map(children)}</ul>
      {query.hasNextPage && (
        <Button className="mt-4 w-full" isBusy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
          {t("action.loadMore")}
        </Button>
      )}
    </>
  );
}
