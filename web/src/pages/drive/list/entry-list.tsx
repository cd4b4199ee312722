import { type ComponentProps, type CSSProperties, useEffect, useRef } from "react";
import { classNames } from "#base/ui/class-names.ts";
import type { Listed } from "../entries/entries.ts";
import type { EntryListProps } from "./entry-list-props.ts";
import { EntryRow, EntryTile } from "./entry-views.tsx";
import { toggle } from "./selection.ts";
import { useBand } from "./use-band.ts";
import { useEntryKeys } from "./use-entry-keys.ts";
import { useEntryPointer } from "./use-entry-pointer.ts";
import { gapPx, type Grid, useGrid } from "./use-grid.ts";
import { useWindow } from "./use-window.ts";
import { rowCount } from "./windowing.ts";

/** Files and folders, however many: only those that are seen are drawn. */
export function EntryList(props: EntryListProps) {
  const { entries, selection, onSelection, hasMore, onMore } = props;
  const box = useRef<HTMLDivElement>(null);
  const grid = useGrid(box, entries.length, props.view === "grid");
  const { isGrid, shape } = grid;
  const { first, last, reveal } = useWindow(box, shape);
  const band = useBand(box, shape, isGrid ? gapPx : 0, entries, selection, onSelection);
  useEffect(() => {
    if (hasMore && last >= rowCount(shape) - 10) onMore();
  });
  const { onKeyDown, focusedPlace } = useEntryKeys(box, props, grid, reveal);
  const handlersOf = useEntryPointer(props);
  const stop = focusedPlace === -1 ? 0 : focusedPlace;
  const viewOf = (entry: Listed, place: number) => ({
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
    hasThumbnail: props.hasThumbnails ?? true,
    handlers: handlersOf(entry),
  });
  return (
    <div {...band.handlers} className="relative min-h-[50dvh] grow pb-6">
      <div
        ref={box}
        role="grid"
        aria-label={props.label}
        aria-multiselectable
        aria-rowcount={hasMore ? -1 : rowCount(shape)}
        aria-colcount={isGrid ? shape.columns : undefined}
        onKeyDown={onKeyDown}
        className="relative select-none"
        style={{ height: rowCount(shape) * shape.rowHeight }}
      >
        {grid.width > 0 &&
          rowsDrawn(first, last, Math.floor(focusedPlace / shape.columns)).map((row) => {
            const here = entries.slice(row * shape.columns, (row + 1) * shape.columns);
            const style = { top: row * shape.rowHeight, height: shape.rowHeight - (isGrid ? gapPx : 0) };
            const [only] = here;
            if (!isGrid && only !== undefined)
              return <EntryRow key={only.id} row={row} style={style} {...viewOf(only, row)} />;
            const views = here.map((entry, column) => viewOf(entry, row * shape.columns + column));
            return <TileRow key={row} {...{ row, style, grid, views }} />;
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

/** The rows in sight. The row with the focus stays drawn, or the keyboard would be lost. */
function rowsDrawn(first: number, last: number, focusedRow: number): number[] {
  const rows: number[] = [];
  for (let row = first; row < last; row++) rows.push(row);
  if (focusedRow >= 0 && !rows.includes(focusedRow)) rows.push(focusedRow);
  return rows;
}

interface TileRowProps {
  row: number;
  style: CSSProperties;
  grid: Grid;
  views: readonly Omit<ComponentProps<typeof EntryTile>, "width" | "gap">[];
}

function TileRow({ row, style, grid, views }: TileRowProps) {
  return (
    <div role="row" aria-rowindex={row + 1} className="absolute inset-x-0 flex" style={style}>
      {views.map((view, column) => (
        <EntryTile
          key={view.entry.id}
          width={grid.tileWidth}
          gap={column === grid.shape.columns - 1 ? 0 : gapPx}
          {...view}
        />
      ))}
    </div>
  );
}
