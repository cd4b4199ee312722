import { type MouseEvent, type PointerEvent, useRef } from "react";
import type { Listed } from "../entries/entries.ts";
import type { EntryListProps } from "./entry-list-props.ts";
import { press, toggle } from "./selection.ts";

const longPressMs = 450;

/** Mouse and touch on an entry: clicks select and open, a long press of a finger selects. */
export function useEntryPointer({ entries, selection, onSelection, onOpen, onMenu }: EntryListProps) {
  const touch = useRef<{ timer: ReturnType<typeof setTimeout>; wasLong: boolean } | null>(null);
  const pressEntry = (entry: Listed, held: { adds?: boolean; ranges?: boolean }) =>
    onSelection(
      press(
        selection,
        entries.map(({ id }) => id),
        entry.id,
        held,
      ),
    );
  const endTouch = () => {
    clearTimeout(touch.current?.timer);
  };
  return (entry: Listed) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType !== "touch") return;
      const timer = setTimeout(() => {
        if (touch.current !== null) touch.current.wasLong = true;
        onSelection(toggle(selection, entry.id));
      }, longPressMs);
      touch.current = { timer, wasLong: false };
    },
    onPointerUp: endTouch,
    onPointerCancel: endTouch,
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (Math.abs(event.movementY) > 4) endTouch();
    },
    onClick: (event: MouseEvent<HTMLElement>) => {
      if (isOnControl(event)) return;
      if (touch.current !== null) {
        const { wasLong } = touch.current;
        touch.current = null;
        if (wasLong) return;
        if (selection.chosen.size > 0) onSelection(toggle(selection, entry.id));
        else onOpen(entry);
        return;
      }
      pressEntry(entry, { adds: event.ctrlKey || event.metaKey, ranges: event.shiftKey });
    },
    onDoubleClick: (event: MouseEvent<HTMLElement>) => {
      if (event.target instanceof Element && !isOnControl(event)) onOpen(entry);
    },
    onContextMenu: (event: MouseEvent<HTMLElement>) => {
      event.preventDefault();
      // A long press of a finger chooses.
      if (onMenu === undefined || touch.current !== null) return;
      if (!selection.chosen.has(entry.id)) pressEntry(entry, {});
      const more = event.currentTarget.querySelector<HTMLElement>("[data-more]");
      onMenu(entry, more ?? event.currentTarget);
    },
  });
}

/** A button or a field inside an entry has a click of its own. */
const isOnControl = ({ target }: MouseEvent): boolean =>
  target instanceof Element && target.closest("button, input") !== null;
