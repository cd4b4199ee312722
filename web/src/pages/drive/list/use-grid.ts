import type { RefObject } from "react";
import { useWidth } from "./use-window.ts";
import type { Shape } from "./windowing.ts";

export const gapPx = 12;
const tileMinPx = 150;
const rowPx = 56;

/** The places of entries in a list or a grid of tiles, at its current width. */
export interface Grid {
  readonly isGrid: boolean;
  /** 0 before the first measurement. */
  readonly width: number;
  readonly tileWidth: number;
  readonly shape: Shape;
}

export function useGrid(box: RefObject<HTMLElement | null>, count: number, isGrid: boolean): Grid {
  const width = useWidth(box);
  const columns = isGrid ? Math.max(2, Math.floor((width + gapPx) / (tileMinPx + gapPx))) : 1;
  const tileWidth = (width - gapPx * (columns - 1)) / columns;
  const rowHeight = isGrid ? Math.round(tileWidth * 0.75) + 60 + gapPx : rowPx;
  return { isGrid, width, tileWidth, shape: { count, columns, rowHeight } };
}
