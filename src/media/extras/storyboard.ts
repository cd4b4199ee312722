import { flags } from "../flags.ts";

/** Small pictures at equal times, in sheets: a player shows them while a viewer seeks. */
export interface Storyboard {
  /** The size of one picture, in pixels; even. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** The grid of a full sheet; the last sheet may have fewer rows filled. */
  readonly columns: number;
  readonly rows: number;
  readonly intervalMs: number;
  /** Pictures in all. */
  readonly count: number;
}

const longSide = 160;
const columns = 5;
const rows = 5;
/** The most pictures of a film: those of a long one are further apart. */
const tilesMax = 400;

/** The storyboard of a film of this length and shape; one picture at the least. Pure. */
export function storyboardOf(durationMs: number, { width, height }: { width: number; height: number }): Storyboard {
  const intervalMs = 1_000 * Math.max(1, Math.ceil(durationMs / 1_000 / tilesMax));
  const scale = Math.min(1, longSide / Math.max(width, height));
  return {
    tileWidth: even(width * scale),
    tileHeight: even(height * scale),
    columns,
    rows,
    intervalMs,
    count: Math.max(1, Math.ceil(durationMs / intervalMs)),
  };
}

/** The storyboard as far as sheets were made of it: a picture may end a little before its sound. Pure. */
export const withinSheets = (board: Storyboard, sheets: number): Storyboard => ({
  ...board,
  count: Math.min(board.count, sheets * columns * rows),
});

export const sheetsOf = ({ count }: Storyboard): number => Math.ceil(count / (columns * rows));

/** FFmpeg's filters from a picture to sheets. By time, so that a changing frame rate moves nothing. */
export const storyboardFilters = ({ tileWidth, tileHeight, intervalMs }: Storyboard): string[] => [
  `select='gte(t,${intervalMs / 1_000}*selected_n)'`,
  // JPEG is BT.601 of full range (JFIF), whatever a rendition is.
  `scale=${tileWidth}:${tileHeight}:out_color_matrix=bt470:out_range=pc`,
  "format=yuvj420p",
  "setsar=1",
  `tile=${columns}x${rows}`,
];

/** The sheets as JPEG, `%d` in the path counting from 1. */
export const sheetOutput = (path: string): string[] => [
  ...flags("-fps_mode passthrough -c:v mjpeg -q:v 5 -f image2"),
  path,
];

/** The part of a sheet for each interval of time (WebVTT with media fragments), as players read it. */
export function storyboardVtt(board: Storyboard, durationMs: number, uriOf: (sheet: number) => string): string {
  const { count, intervalMs, tileWidth, tileHeight } = board;
  const cues = Array.from({ length: count }, (_, n) => {
    const place = n % (columns * rows);
    const x = (place % columns) * tileWidth;
    const y = Math.floor(place / columns) * tileHeight;
    const end = n === count - 1 ? Math.max(durationMs, n * intervalMs + 1) : (n + 1) * intervalMs;
    const uri = uriOf(1 + Math.floor(n / (columns * rows)));
    return `${clock(n * intervalMs)} --> ${clock(end)}\n${uri}#xywh=${x},${y},${tileWidth},${tileHeight}`;
  });
  return `WEBVTT\n\n${cues.join("\n\n")}\n`;
}

function clock(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const seconds = ms / 1_000;
  return `${two(seconds / 3_600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${String(Math.round(ms) % 1_000).padStart(3, "0")}`;
}

const even = (side: number): number => Math.max(2, 2 * Math.round(side / 2));
