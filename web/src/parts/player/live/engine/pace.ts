interface Place {
  /** How far the picture is behind its place, which is the distance from live that the stream asks for, in seconds. */
  readonly behindS: number;
  /** The buffered seconds in front of the picture. */
  readonly aheadS: number;
}

/** Nearer than this is at the place. */
const slackS = 0.1;
/** Further behind, no pace makes up for it. */
export const rangeS = 4;
/** A device that is too slow for the stream is not sent to the edge again and again. */
const jumpEveryMs = 10_000;
/** Two parts: as many as a player needs while the next is on its way. */
const aheadMinS = 0.5;

/**
 * The pace of a live stream: a little faster while the picture is late and more is buffered than it needs. Delays of a
 * page's start and of busy moments are made up for at a pace that sounds the same. Pure.
 */
export function paceOf({ behindS, aheadS }: Place): number {
  if (behindS <= slackS || behindS > rangeS || aheadS < aheadMinS) return 1;
  return behindS > 5 * slackS ? 1.1 : 1.05;
}

/** True if the picture jumps to its place: it has fallen too far behind, by no will of the viewer. Pure. */
export const mustJump = ({
  behindS,
  isBack,
  sinceJumpMs,
}: Pick<Place, "behindS"> & {
  /** The viewer went back in the stream, or paused it. */
  readonly isBack: boolean;
  readonly sinceJumpMs: number;
}): boolean => !isBack && behindS > rangeS && sinceJumpMs >= jumpEveryMs;

/** One part. */
const cushionS = 0.25;
const cushionMaxS = 1;
const cushionMs = 60_000;

/**
 * How much further behind live the picture's place is, in seconds, after it stalled at these times: a part for each stall
 * of the last minute, so that one hiccup costs nothing for the rest of an evening. Pure.
 */
export const cushionOf = (stallsMs: readonly number[], nowMs: number): number =>
  Math.min(cushionMaxS, cushionS * stallsMs.filter((atMs) => nowMs - atMs < cushionMs).length);
