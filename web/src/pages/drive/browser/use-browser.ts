import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { type Listed, listQuery, type Page, type Place } from "../entries/entries.ts";
import type { Deed } from "../entries/entry-menu.tsx";
import { type EntryPreview, usePreview } from "../entries/use-preview.ts";
import { type SelectableEntries, useSelectable } from "../list/use-selectable.ts";
import { changeView, type Looks, useView } from "../list/use-view.ts";
import { type DriveActions, useDriveActions } from "./actions.ts";
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

export interface BrowserState extends SelectableEntries, EntryPreview {
  readonly place: Place;
  readonly isFolder: boolean;
  /** Null for the root, and for a place that is no folder. */
  readonly folderId: number | null;
  readonly list: UseInfiniteQueryResult<InfiniteData<Page>>;
  readonly looks: Looks;
  /** True if the details have room beside the list. */
  readonly isWide: boolean;
  readonly open: Open | null;
  readonly setOpen: (open: Open | null) => void;
  /** The ID of the entry whose name is a field. */
  readonly renaming: number | null;
  readonly setRenaming: (id: number | null) => void;
  readonly actions: DriveActions;
  readonly act: (deed: Deed, entries: readonly Listed[]) => void;
  readonly canPaste: boolean;
  readonly paste: () => void;
  /** Runs the command of a key; false where the key has none. */
  readonly onKey: (event: Parameters<typeof commandOf>[0]) => boolean;
}

/** The content of a place's browser, and the actions of its toolbar, menus and keys. */
export function useBrowser(place: Place): BrowserState {
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
function selectedOrFocused({ entries, selection, selected }: SelectableEntries): readonly Listed[] {
  return selected.length > 0 ? selected : entries.filter(({ id }) => id === selection.focus);
}
