import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { type Listed, listQuery, type Place } from "../entries/entries.ts";
import type { Deed } from "../entries/entry-menu.tsx";
import { usePreview } from "../entries/use-preview.ts";
import { useSelectable } from "../list/use-selectable.ts";
import { changeView, useView } from "../list/use-view.ts";
import { useDriveActions } from "./actions.ts";
import { commandOf } from "./browser-keys.ts";
import { hold, useHeld } from "./clipboard.ts";
import { useIsWide } from "./use-is-wide.ts";

/** The sheet or menu that is open over the list. */
type Open =
  | { what: "folder" }
  | { what: "pick"; how: "move" | "copy"; entries: readonly Listed[] }
  | { what: "share"; entry: Listed }
  | { what: "details" }
  | { what: "menu"; entries: readonly Listed[]; at: HTMLElement };

export type BrowserState = ReturnType<typeof useBrowser>;

/** The content of a place's browser, and the actions of its toolbar, menus and keys. */
export function useBrowser(place: Place) {
  const isFolder = place.kind === "folder";
  const folderId = isFolder ? place.folderId : null;
  const { t } = useTranslation();
  const actions = useDriveActions();
  const clipboard = useHeld();
  const list = useInfiniteQuery(listQuery(place));
  const selectable = useSelectable(list);
  const preview = usePreview(selectable.entries, list.hasNextPage);
  const [open, setOpen] = useState<Open | null>(null);
  const [renaming, setRenaming] = useState<number | null>(null);
  const isWide = useIsWide();
  const looks = useView();

  const act = (deed: Deed, on: readonly Listed[]) => {
    const [first] = on;
    if (first === undefined) return;
    const deeds: Record<Deed, () => unknown> = {
      open: () => preview.openEntry(first),
      download: () => actions.download(on),
      share: () => setOpen({ what: "share", entry: first }),
      rename: () => setRenaming(first.id),
      move: () => setOpen({ what: "pick", how: "move", entries: on }),
      copy: () => setOpen({ what: "pick", how: "copy", entries: on }),
      publish: () => actions.publish(first),
      details: () => (isWide ? changeView({ hasDetails: true }) : setOpen({ what: "details" })),
      trash: () => actions.trash(on),
      restore: () => actions.restore(on),
      remove: () => actions.remove(on),
    };
    void deeds[deed]();
  };
  const paste = () => {
    if (clipboard === null || !isFolder) return;
    hold(null);
    void actions[clipboard.how](clipboard.entries, folderId);
  };
  const take = (how: "move" | "copy") => {
    const { selected } = selectable;
    if (selected.length === 0) return;
    hold({ how, entries: selected });
    showToast(t(how === "move" ? "drive.cut" : "drive.held", { count: selected.length }));
  };
  const onKey = (event: Parameters<typeof commandOf>[0]): boolean => {
    const command = commandOf(event);
    if (command === "trash" || command === "rename") act(command, selectedOrFocused(selectable));
    else if (command === "cut") take("move");
    else if (command === "copy") take("copy");
    else if (command === "paste") paste();
    return command !== undefined;
  };
  return {
    ...selectable,
    ...preview,
    place,
    isFolder,
    folderId,
    list,
    looks,
    isWide,
    open,
    setOpen,
    renaming,
    setRenaming,
    actions,
    act,
    canPaste: clipboard !== null && isFolder,
    paste,
    onKey,
  };
}

/** The entries that a key acts on: the selected ones, or else the one that has the focus. */
function selectedOrFocused({ entries, selection, selected }: ReturnType<typeof useSelectable>): readonly Listed[] {
  return selected.length > 0 ? selected : entries.filter(({ id }) => id === selection.focus);
}
