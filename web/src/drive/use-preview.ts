import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Listed } from "./entries.ts";

/** The file that is previewed, which is part of the page's address. */
export function usePreview(entries: readonly Listed[]) {
  const navigate = useNavigate();
  const { show } = useSearch({ strict: false });
  const files = entries.filter(({ kind }) => kind !== "folder");
  const place = files.findIndex(({ id }) => id === show);
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
  return { shown: files[place], previous: files[place - 1], next: files[place + 1], preview, openEntry };
}
