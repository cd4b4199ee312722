interface Place {
  /** How far the picture is behind its place, which is the distance from live that the stream asks for, in seconds. */
  readonly behindS: number;
  /** What is buffered in front of the picture, in seconds. */
  readonly aheadS: number;
}

/** Nearer than this is at the place. */
const slackS = 0.1;
/** Who is further behind has gone back in the stream, and stays there. */
const rangeS = 4;
/** Two parts: as many as a player needs while the next is on its way. */
const aheadMinS = 0.5;

/**
 * How fast a live stream is played: a little faster while the picture is late and more is buffered than it needs. What the
 * begin of a page and busy moments cost is made up for at a pace that sounds the same. Pure.
 */
export function paceOf({ behindS, aheadS }: Place): number {
  if (behindS <= slackS || behindS > rangeS || aheadS < aheadMinS) return 1;
  return behindS > 5 * slackS ? 1.1 : 1.05;
}
