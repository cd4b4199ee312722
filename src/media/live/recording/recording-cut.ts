import { ticksPerSecond } from "../../frames/frame.ts";
import type { InitEvent } from "../events.ts";
import { type RecordedSegment, RecordingLayout, recordingTrailer } from "./recording-layout.ts";

type Tracks = InitEvent["tracks"];

/** Milliseconds of film in a segment: of its pictures, else of its sound. Pure. */
export function segmentMs({ ranges }: RecordedSegment, tracks: Tracks): number {
  for (const { track, timescale } of tracks) {
    const range = ranges.find((range) => range.track === track);
    if (range) return (range.durationTicks * 1_000) / (timescale || ticksPerSecond);
  }
  return 0;
}

/**
 * The last segments that have so much film together, and what is before them back to a key frame: a decoder begins there
 * alone. All segments where they have less; none where no picture among them is a key frame. Pure.
 */
export function lastSegments<S extends RecordedSegment>(
  { tracks }: Pick<InitEvent, "tracks">,
  segments: readonly S[],
  durationMs: number,
): readonly S[] {
  const picture = tracks.find(({ kind }) => kind === "video")?.track;
  const begins = ({ ranges }: RecordedSegment): boolean =>
    picture === undefined || ranges.some(({ track, keyframeBytes }) => track === picture && keyframeBytes > 0);
  let filmMs = 0;
  let from = segments.length;
  for (const [n, segment] of [...segments.entries()].toReversed()) {
    filmMs += segmentMs(segment, tracks);
    if (begins(segment)) from = n;
    if (filmMs >= durationMs && from === n) break;
  }
  return segments.slice(from);
}

/** A file of its own of some segments of a recording; their bytes are as they were, between `header` and `trailer`. */
export interface RecordingCut {
  readonly header: Buffer;
  /** The segments with their offsets in this file. */
  readonly segments: readonly RecordedSegment[];
  readonly trailer: Buffer;
  readonly sizeBytes: number;
}

/** The file of these segments. Pure. */
export function cutOf(init: InitEvent, segments: readonly RecordedSegment[]): RecordingCut {
  const { header } = new RecordingLayout(init, { startTicks: segments[0]?.startTicks ?? 0 });
  let end = header.length;
  const moved = segments.map((segment) => ({
    ...segment,
    ranges: segment.ranges.map((range) => {
      const offset = end;
      end += range.size;
      return { ...range, offset };
    }),
  }));
  const trailer = recordingTrailer(init, moved);
  return { header, segments: moved, trailer, sizeBytes: end + trailer.length };
}
