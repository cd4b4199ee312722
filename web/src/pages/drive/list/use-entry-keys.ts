import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import type { EntryListProps } from "./entry-list-props.ts";
import { everything, type Selection, toggle, walk } from "./selection.ts";
import type { Grid } from "./use-grid.ts";

/** The keys of a list of entries: they move the focus, which the list scrolls to and the browser follows. */
export function useEntryKeys(
  box: RefObject<HTMLElement | null>,
  { entries, selection, onSelection, onKey, onAll, onOpen }: EntryListProps,
  { isGrid, shape: { columns } }: Grid,
  reveal: (row: number) => void,
) {
  const ids = entries.map(({ id }) => id);
  const wantsFocus = useRef(false);
  const focusedPlace = selection.focus === null ? -1 : ids.indexOf(selection.focus);
  useEffect(() => {
    if (!wantsFocus.current || focusedPlace === -1) return;
    wantsFocus.current = false;
    box.current?.querySelector<HTMLElement>(`[data-id="${selection.focus}"]`)?.focus({ preventScroll: true });
  });

  const go = (next: Selection) => {
    wantsFocus.current = true;
    onSelection(next);
    const place = next.focus === null ? -1 : ids.indexOf(next.focus);
    if (place >= 0) reveal(Math.floor(place / columns));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Fields and buttons inside have keys of their own.
    if (!(event.target instanceof HTMLElement) || event.target.dataset["id"] === undefined) return;
    if (onKey?.(event) === true) {
      event.preventDefault();
      return;
    }
    const modifiers = { adds: event.ctrlKey || event.metaKey, ranges: event.shiftKey };
    const steps: Record<string, number> = {
      ArrowDown: columns,
      ArrowUp: -columns,
      ...(isGrid && { ArrowRight: 1, ArrowLeft: -1 }),
      PageDown: columns * 8,
      PageUp: -columns * 8,
      Home: -entries.length,
      End: entries.length,
    };
    const by = steps[event.key];
    const focused = entries[focusedPlace];
    if (by !== undefined) go(walk(selection, ids, by, modifiers));
    else if (event.key === " " && focused) go(toggle(selection, focused.id));
    else if (event.key === "Enter" && focused) onOpen(focused);
    else if (event.key.toLowerCase() === "a" && modifiers.adds) (onAll ?? (() => go(everything(selection, ids))))();
    else if (event.key === "Escape") go({ ...selection, chosen: new Set() });
    else return;
    event.preventDefault();
  };
  return { onKeyDown, focusedPlace };
}
