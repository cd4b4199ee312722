import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef } from "react";
import { classNames } from "../ui/class-names.ts";
import type { Listed } from "./entries.ts";
import { EntryRow, EntryTile } from "./entry-views.tsx";
import { everything, press, type Selection, toggle, walk } from "./selection.ts";
import { useBand } from "./use-band.ts";
import { useWidth, useWindow } from "./use-window.ts";
import { rowCount } from "./windowing.ts";

export type View = "list" | "grid";

interface EntryListProps {
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
  /** Pictures of a link are not loaded to be shown small: each would count as a download. */
  hasThumbnails?: boolean;
}

const gapPx = 12;
const tileMinPx = 150;
const rowPx = 56;
const longPressMs = 450;

/** Files and folders, however many: only those that are seen are drawn. */
export function EntryList(props: EntryListProps) {
  const { entries, view, selection, onSelection, hasMore, onMore, onKey, onAll, onOpen } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const isGrid = view === "grid";
  const columns = isGrid ? Math.max(2, Math.floor((width + gapPx) / (tileMinPx + gapPx))) : 1;
  const tileWidth = (width - gapPx * (columns - 1)) / columns;
  const rowHeight = isGrid ? Math.round(tileWidth * 0.75) + 60 + gapPx : rowPx;
  const shape = { count: entries.length, columns, rowHeight };
  const { first, last, reveal } = useWindow(box, shape);
  const ids = entries.map(({ id }) => id);
  const wantsFocus = useRef(false);
  const touch = useRef<{ timer: ReturnType<typeof setTimeout>; wasLong: boolean } | null>(null);
  const band = useBand(box, shape, isGrid ? gapPx : 0, entries, selection, onSelection);

  useEffect(() => {
    if (hasMore && last >= rowCount(shape) - 10) onMore();
  });
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
  const keys = (event: KeyboardEvent) => {
    // Fields and buttons inside have keys of their own.
    if (!(event.target instanceof HTMLElement) || event.target.dataset["id"] === undefined) return;
    if (onKey?.(event) === true) {
      event.preventDefault();
      return;
    }
    const held = { adds: event.ctrlKey || event.metaKey, ranges: event.shiftKey };
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
    if (by !== undefined) go(walk(selection, ids, by, held));
    else if (event.key === " " && focused) go(toggle(selection, focused.id));
    else if (event.key === "Enter" && focused) onOpen(focused);
    else if (event.key.toLowerCase() === "a" && held.adds) (onAll ?? (() => go(everything(selection, ids))))();
    else if (event.key === "Escape") go({ ...selection, chosen: new Set() });
    else return;
    event.preventDefault();
  };

  const endTouch = () => {
    clearTimeout(touch.current?.timer);
  };
  const handlersOf = (entry: Listed) => ({
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
    onClick: (event: React.MouseEvent<HTMLElement>) => {
      if (event.target instanceof Element && event.target.closest("button, input") !== null) return;
      if (touch.current !== null) {
        const { wasLong } = touch.current;
        touch.current = null;
        if (wasLong) return;
        if (selection.chosen.size > 0) onSelection(toggle(selection, entry.id));
        else onOpen(entry);
        return;
      }
      const held = { adds: event.ctrlKey || event.metaKey, ranges: event.shiftKey };
      onSelection(press(selection, ids, entry.id, held));
    },
    onDoubleClick: (event: React.MouseEvent<HTMLElement>) => {
      if (event.target instanceof Element && event.target.closest("button, input") === null) onOpen(entry);
    },
    onContextMenu: (event: React.MouseEvent<HTMLElement>) => {
      event.preventDefault();
      // A long press of a finger chooses.
      if (props.onMenu === undefined || touch.current !== null) return;
      if (!selection.chosen.has(entry.id)) onSelection(press(selection, ids, entry.id, {}));
      const more = event.currentTarget.querySelector<HTMLElement>("[data-more]");
      props.onMenu(entry, more ?? event.currentTarget);
    },
  });

  const rows: number[] = [];
  for (let row = first; row < last; row++) rows.push(row);
  // What has the focus stays, or the keyboard would be lost.
  const focusedRow = Math.floor(focusedPlace / columns);
  if (focusedPlace >= 0 && !rows.includes(focusedRow)) rows.push(focusedRow);
  const stop = focusedPlace === -1 ? 0 : focusedPlace;
  return (
    <div {...band.handlers} className="relative min-h-[50dvh] grow pb-6">
      <div
        ref={box}
        role="grid"
        aria-label={props.label}
        aria-multiselectable
        aria-rowcount={hasMore ? -1 : rowCount(shape)}
        aria-colcount={isGrid ? columns : undefined}
        onKeyDown={keys}
        className="relative select-none"
        style={{ height: rowCount(shape) * rowHeight }}
      >
        {width > 0 &&
          rows.map((row) => {
            const here = entries.slice(row * columns, (row + 1) * columns);
            const style = { top: row * rowHeight, height: rowHeight - (isGrid ? gapPx : 0) };
            const common = (entry: Listed, place: number) => ({
              entry,
              isChosen: selection.chosen.has(entry.id),
              isChoosing: selection.chosen.size > 0,
              tabIndex: place === stop ? 0 : -1,
              onToggle: () => onSelection(toggle(selection, entry.id)),
              onMenu: props.onMenu,
              onFocus: () => {
                if (selection.focus !== entry.id) onSelection({ ...selection, focus: entry.id });
              },
              renaming: props.renaming?.id === entry.id ? props.renaming.onDone : undefined,
              note: props.note?.(entry),
              handlers: handlersOf(entry),
            });
            const [only] = here;
            if (!isGrid && only !== undefined)
              return <EntryRow key={only.id} row={row} style={style} {...common(only, row)} />;
            return (
              <div key={row} role="row" aria-rowindex={row + 1} className="absolute inset-x-0 flex" style={style}>
                {here.map((entry, column) => (
                  <EntryTile
                    key={entry.id}
                    width={tileWidth}
                    gap={column === columns - 1 ? 0 : gapPx}
                    hasThumbnail={props.hasThumbnails ?? true}
                    {...common(entry, row * columns + column)}
                  />
                ))}
              </div>
            );
          })}
        {entries.length === 0 && (
          <div role="row" className="sr-only">
            <span role="gridcell">{props.label}</span>
          </div>
        )}
      </div>
      {band.box !== null && (
        <div
          aria-hidden
          className={classNames("pointer-events-none absolute rounded border border-accent-strong bg-accent/15")}
          style={band.box}
        />
      )}
    </div>
  );
}
