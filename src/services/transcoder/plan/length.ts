import type { TrackIndex } from "#media/mp4/indexer";
import { wholeSecondsMax } from "#media/source/packets";
import type { Probe } from "#media/source/probe";
import { isTooFast } from "#media/renditions/rung";

/** What a rendition may lack of its source: cut-off ends, rounding, a damaged stretch. */
const shareMin = 0.9;
const missingMsMax = 1_000;
/** The tolerated excess: FFmpeg repeats a last picture, and rounds sound up to whole frames. */
const extraMsMax = 1_000;

export const lengthMsOf = ({ durationTicks, timescale }: Pick<TrackIndex, "durationTicks" | "timescale">): number =>
  (durationTicks / timescale) * 1000;

/**
 * True if what one run of FFmpeg made is all it should have made: its pictures, or sounds where there are none, play about
 * as long as they are shown in the source, or as `playsMs` where that is known to be less, or have all the pictures of the
 * source, whose last one may stay for long and be cut short. A sound that ends early fails no film. Pure.
 */
export function isWhole(indexes: readonly TrackIndex[], facts: Probe, playsMs?: number): boolean {
  const pictures = indexes.filter(({ kind }) => kind === "video");
  const stream = pictures.length > 0 ? facts.video : facts.audio;
  const expectedMs = Math.min(playsMs ?? Number.POSITIVE_INFINITY, stream?.endMs ?? facts.durationMs);
  return (pictures.length > 0 ? pictures : indexes).every((index) => {
    const lengthMs = lengthMsOf(index);
    if (lengthMs > expectedMs / shareMin + extraMsMax) return false;
    return lengthMs >= Math.min(expectedMs * shareMin, expectedMs - missingMsMax) || hasAllPictures(index, facts);
  });
}

function hasAllPictures({ kind, samples }: TrackIndex, { video, durationMs }: Probe): boolean {
  // A faster source is thinned out.
  if (kind !== "video" || video === undefined || isTooFast(video.fps)) return false;
  const seconds = durationMs / 1000;
  // Of a long source not all pictures were counted.
  const there = seconds <= wholeSecondsMax ? video.frames : seconds * video.fps;
  return samples >= there * shareMin;
}
