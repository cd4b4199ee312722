import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { entryQuery, type Listed } from "./entries.ts";

export interface EntryPreview {
  /** The file that is previewed. */
  readonly shown: Listed | undefined;
  readonly previous: Listed | undefined;
  readonly next: Listed | undefined;
  /** Previews the file of this ID, or none. */
  readonly preview: (id: number | undefined) => void;
  /** Previews a file, or goes to a folder. */
  readonly openEntry: (entry: Listed) => void;
}

/**
 * The file that is previewed, which is part of the page's address; `hasMore`: it may be one that the list has not come to.
 */
export function usePreview(entries: readonly Listed[], hasMore: boolean): EntryPreview {
  const navigate = useNavigate();
  const { show } = useSearch({ strict: false });
  const files = entries.filter(({ kind }) => kind !== "folder");
  const place = files.findIndex(({ id }) => id === show);
  const isFarther = show !== undefined && place < 0 && hasMore;
  const { data: farther } = useQuery({ ...entryQuery(show ?? 0), enabled: isFarther });
  const shown =
    files[place] ?? (isFarther && farther?.kind !== "folder" && farther?.trashed_at === null ? farther : undefined);
  const preview = (id: number | undefined) =>
    void navigate({
      to: ".",
      search: (before: Record<string, unknown>) => ({ ...before, show: id }),
      replace: show !== undefined,
      resetScroll: false,
    });
  const openEntry = (entry: Listed) => {
    if (entry.kind === "folder") void navigate({ to: "/drive/folder/$id", params: { id: entry.id } });
    else preview(entry.id);
  };
  return { shown, previous: files[place - 1], next: place < 0 ? undefined : files[place + 1], preview, openEntry };
}
