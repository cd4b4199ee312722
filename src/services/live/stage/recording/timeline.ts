import type { InitEvent } from "#media/live/events";
import { ticksPerSecond } from "#media/frames/frame";
import { segmentMs } from "#media/live/recording/recording-cut";
import type { RecordedSegment } from "#media/live/recording/recording-layout";

/** A part of a recording without a gap: when it was live, and where it is in the video. */
export interface Stretch {
  /** Milliseconds of wall-clock time. */
  readonly atMs: number;
  readonly positionMs: number;
  readonly durationMs: number;
}

/** Segments are joined whose times differ by less: clocks of publishers drift. */
const joinedMs = 100;

/** The stretches of a recording: a gap is where the publisher was away, which the video leaves out. Pure. */
export function timelineOf(
  { originMs, tracks }: Pick<InitEvent, "originMs" | "tracks">,
  segments: readonly RecordedSegment[],
): Stretch[] {
  const stretches: Stretch[] = [];
  let positionMs = 0;
  for (const segment of segments) {
    const atMs = originMs + (segment.startTicks * 1_000) / ticksPerSecond;
    const durationMs = segmentMs(segment, tracks);
    const last = stretches.at(-1);
    if (last && Math.abs(last.atMs + last.durationMs - atMs) < joinedMs)
      stretches[stretches.length - 1] = { ...last, durationMs: last.durationMs + durationMs };
    else stretches.push({ atMs, positionMs, durationMs });
    positionMs += durationMs;
  }
  return stretches;
}

/** Milliseconds of the whole video. Pure. */
export const durationOf = (stretches: readonly Stretch[]): number =>
  Math.round(stretches.reduce((sum, { durationMs }) => sum + durationMs, 0));

/**
 * The position in the video of an event during the live stream; undefined long before its beginning or after its end.
 * An event in a gap has the position of the gap. Pure.
 */
export function positionOf(stretches: readonly Stretch[], atMs: number): number | undefined {
  const stretch = stretches.findLast((candidate) => candidate.atMs <= atMs);
  const [first] = stretches;
  if (!stretch) return first !== undefined && first.atMs - atMs <= earlyMs ? 0 : undefined;
  const passedMs = atMs - stretch.atMs;
  const isAfterEnd = passedMs > stretch.durationMs;
  if (isAfterEnd && stretch === stretches.at(-1) && passedMs > stretch.durationMs + lateMs) return undefined;
  return Math.floor(stretch.positionMs + Math.min(passedMs, stretch.durationMs));
}
/** A recording begins with the first segment after the start of its room. */
const earlyMs = 5_000;
/** The last pictures are watched a little after they were sent. */
const lateMs = 5_000;
