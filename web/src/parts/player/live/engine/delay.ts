interface Place {
  /** How far the player is from the end of the playlist, in seconds. */
  readonly latencyS: number;
  /** When the frame that is shown was published; nothing where the stream does not say. */
  readonly playingMs: number | undefined;
  readonly nowMs: number;
}

/** The clock of a stream and that of this device agree within this, in seconds, or one of them is wrong. */
const agreement = { min: -0.5, max: 3 };

/**
 * How many seconds ago the frame that is shown was published. The stream says when that was; a device whose clock differs
 * from the server's knows its distance from the end of the playlist alone, which is a little less. Pure.
 */
export function delayOf({ latencyS, playingMs, nowMs }: Place): number {
  if (playingMs === undefined) return Math.max(0, latencyS);
  const byClockS = (nowMs - playingMs) / 1000;
  const differenceS = byClockS - latencyS;
  const isClockRight = differenceS >= agreement.min && differenceS <= agreement.max;
  return Math.max(0, isClockRight ? byClockS : latencyS);
}

/** From here on the way back to the live edge says so, in seconds. */
const behindS = 3;

/** True if a viewer is where the others are. Pure. */
export const isAtEdge = (delayS: number | null, isPlaying: boolean): boolean =>
  isPlaying && delayS !== null && delayS <= behindS;

const retryMsMax = 3_000;
/** How long to wait before a stream that was lost is asked for again, in milliseconds. Pure. */
export const retryAfterMs = (attempt: number): number => Math.min(retryMsMax, 500 * 2 ** attempt);
