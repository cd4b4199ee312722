import type { TrackIndex } from "#media/mp4/indexer";
import { wholeSecondsMax } from "#media/source/packets";
import type { Probe } from "#media/source/probe";
import { isTooFast } from "#media/renditions/rung";

/** A rendition may be this much shorter than its source: cut-off ends, rounding, a damaged stretch. */
const shareMin = 0.9;
const missingMsMax = 1_000;
/** The tolerated excess: FFmpeg repeats a last picture, and rounds sound up to whole frames. */
const extraMsMax = 1_000;

export const lengthMsOf = ({ durationTicks, timescale }: Pick<TrackIndex, "durationTicks" | "timescale">): number =>
  (durationTicks / timescale) * 1000;

/**
 * True if one run of FFmpeg made everything it should have. Pictures (or sounds, if there are none) must last about as
 * long as in the source, or as `playsMs` if that is less. A video with all pictures of the source passes too, because a
 * long last picture may be cut short. A sound that ends early does not fail a film. Pure.
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
  // The pictures of a long source are estimated, as not all were counted.
  const there = seconds <= wholeSecondsMax ? video.frames : seconds * video.fps;
  return samples >= there * shareMin;
}
