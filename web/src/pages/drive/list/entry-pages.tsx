import type { ReactNode } from "react";
import { ErrorState } from "#base/ui/states/states.tsx";
import type { View } from "./entry-list-props.ts";
import { ListSkeleton } from "./list-skeleton.tsx";
import type { EntryPages as Pages } from "./use-selectable.ts";

interface EntryPagesProps {
  list: Pages;
  view: View;
  /** In place of a list without entries. */
  none: ReactNode;
  children: ReactNode;
}

/** A list of entries, or what there is in its place while it loads, when it failed, and when it is empty. */
export function EntryPages({ list, view, none, children }: EntryPagesProps) {
  if (list.isPending) return <ListSkeleton view={view} />;
  if (list.isError && list.data === undefined)
    return <ErrorState error={list.error} isRetrying={list.isFetching} onRetry={() => void list.refetch()} />;
  return list.data.pages.every((page) => page.list.length === 0) ? none : children;
}
