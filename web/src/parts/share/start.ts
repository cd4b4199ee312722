import { piecesOf } from "#parts/player/chapters.ts";

/** The start of a video by a link, and whether the link has one. */
export interface Start {
  readonly isOn: boolean;
  readonly atS: number;
}

/** The start in a link, in whole seconds; null for the beginning. Pure. */
export const startParam = ({ isOn, atS }: Start): string | null => (isOn && atS > 0 ? String(atS) : null);

/** A time as it is written, `5:18` or `1:02:03`, or seconds alone; null where it is none within the video. Pure. */
export function secondsOf(text: string, durationS: number): number | null {
  const written = text.trim();
  if (/^\d+$/.test(written)) return Number(written) < durationS ? Number(written) : null;
  const [piece, ...otherPieces] = piecesOf(written, durationS);
  return otherPieces.length === 0 ? (piece?.toS ?? null) : null;
}
