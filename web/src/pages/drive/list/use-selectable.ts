import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { type Dispatch, type SetStateAction, useState } from "react";
import type { Listed } from "../entries/entries.ts";
import { everything, nothing, pruneSelection, type Selection } from "./selection.ts";

export type EntryPages = UseInfiniteQueryResult<InfiniteData<{ readonly list: readonly Listed[] }>>;

export interface SelectableEntries {
  readonly entries: readonly Listed[];
  readonly selection: Selection;
  readonly setSelection: Dispatch<SetStateAction<Selection>>;
  readonly selected: readonly Listed[];
  readonly fetchMore: () => void;
  /** Selects all entries; pages that have not been fetched yet are fetched first. */
  readonly chooseAll: () => Promise<void>;
  /** The selection if the entry is in it, else the entry alone. */
  readonly withChosen: (entry: Listed) => readonly Listed[];
}

/** The pages of a list as one list of entries, and which of them are chosen. */
export function useSelectable(list: EntryPages): SelectableEntries {
  const [chosen, setSelection] = useState(nothing);
  const entries = list.data?.pages.flatMap((page) => page.list) ?? [];
  const selection = pruneSelection(
    chosen,
    entries.map(({ id }) => id),
  );
  const selected = entries.filter(({ id }) => selection.chosen.has(id));
  const fetchMore = () => {
    if (!list.isFetchingNextPage && !list.isFetchNextPageError) void list.fetchNextPage();
  };
  const chooseAll = async () => {
    let { hasNextPage } = list;
    let pages = list.data?.pages ?? [];
    while (hasNextPage) {
      const more = await list.fetchNextPage();
      if (more.isError) break;
      hasNextPage = more.hasNextPage;
      pages = more.data?.pages ?? pages;
    }
    const ids = pages.flatMap((page) => page.list.map(({ id }) => id));
    setSelection((before) => everything(before, ids));
  };
  const withChosen = (entry: Listed): readonly Listed[] => (selection.chosen.has(entry.id) ? selected : [entry]);
  return { entries, selection, setSelection, selected, fetchMore, chooseAll, withChosen };
}
