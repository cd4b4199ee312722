/** Seconds watched, or this share of the video, make a view; whichever comes first. */
const watchedMsMin = 3_000;
const shareMin = 0.3;
export const slotMs = 30 * 60_000;

/** True if this much watching is a view. `durationMs` is the video's own length, 0 if unknown. Pure. */
export const isView = (positionMs: number, finished: boolean, durationMs: number): boolean =>
  finished || positionMs >= watchedMsMin || (durationMs > 0 && positionMs / durationMs >= shareMin);

/** The half hour an instant lies in: one viewer counts once in each. */
export const slotOf = (nowMs: number): number => Math.floor(nowMs / slotMs);
