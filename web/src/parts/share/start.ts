import { piecesOf } from "#parts/player/chapters.ts";

/** Where a link has a video begin, and whether it does. */
export interface Start {
  readonly isOn: boolean;
  readonly atS: number;
}

/** What a link says of its start, in whole seconds; null where it begins at the beginning. Pure. */
export const startParam = ({ isOn, atS }: Start): string | null => (isOn && atS > 0 ? String(atS) : null);

/** A time as it is written, `5:18` or `1:02:03`, or seconds alone; null where it is none within the video. Pure. */
export function secondsOf(text: string, durationS: number): number | null {
  const written = text.trim();
  if (/^\d+$/.test(written)) return Number(written) < durationS ? Number(written) : null;
  const [piece, ...rest] = piecesOf(written, durationS);
  return rest.length === 0 ? (piece?.toS ?? null) : null;
}
