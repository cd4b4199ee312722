import type { KeyboardEvent, ReactNode } from "react";
import type { Listed } from "../entries/entries.ts";
import type { Selection } from "./selection.ts";

export type View = "list" | "grid";

export interface EntryListProps {
  label: string;
  entries: readonly Listed[];
  view: View;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  onOpen: (entry: Listed) => void;
  /** Asks for what can be done with an entry, at a place on the screen. */
  onMenu?: ((entry: Listed, at: HTMLElement) => void) | undefined;
  /** All of it is to be chosen: what has not been fetched yet is fetched first. */
  onAll?: (() => void) | undefined;
  /** Keys that mean something on this page; true where it did. */
  onKey?: ((event: KeyboardEvent) => boolean) | undefined;
  hasMore: boolean;
  onMore: () => void;
  renaming?: { id: number; onDone: (name: string | null) => void } | undefined;
  /** A line about an entry in place of when it changed. */
  note?: ((entry: Listed) => ReactNode) | undefined;
  /** Files of a link are not opened for pictures of them, as each would count as a download; those in the trash cannot be. */
  hasThumbnails?: boolean;
}
