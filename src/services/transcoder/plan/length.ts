import type { TrackIndex } from "#media/mp4/indexer";
import { wholeSecondsMax } from "#media/packets";
import type { Probe } from "#media/probe";
import { isTooFast } from "#media/rung";

/** What a rendition may lack of its source: cut-off ends, rounding, a damaged stretch. */
const shareMin = 0.9;
const missingMsMax = 1_000;
/** What it may have beyond: pictures between a key frame and where an edit list begins are repackaged with it. */
const extraMsMax = 10_000;
/** Their timestamps may start again or jump, and FFmpeg closes such gaps: how long they play is not known before. */
const jumping: ReadonlySet<Probe["demuxer"]> = new Set(["mpegts", "mpeg", "ogg"]);

export const lengthMsOf = ({ durationTicks, timescale }: Pick<TrackIndex, "durationTicks" | "timescale">): number =>
  (durationTicks / timescale) * 1000;

/**
 * Whether what one run of FFmpeg made is all it should have made: its longest track plays about as long as the source, or
 * as `playsMs` where that is known to be less, or has all the pictures of the source, whose last one may stay for long and
 * be cut short. Pure.
 */
export function isWhole(indexes: readonly TrackIndex[], facts: Probe, playsMs?: number): boolean {
  const isKnown = !jumping.has(facts.demuxer);
  if (!isKnown && playsMs === undefined) return true;
  const expectedMs = Math.min(
    playsMs ?? Number.POSITIVE_INFINITY,
    isKnown ? facts.durationMs : Number.POSITIVE_INFINITY,
  );
  const lengthMs = Math.max(...indexes.map(lengthMsOf));
  if (lengthMs > expectedMs / shareMin + extraMsMax) return false;
  return lengthMs >= Math.min(expectedMs * shareMin, expectedMs - missingMsMax) || hasAllPictures(indexes, facts);
}

function hasAllPictures(indexes: readonly TrackIndex[], { video, durationMs }: Probe): boolean {
  const pictures = indexes.filter(({ kind }) => kind === "video");
  // A faster source is thinned out.
  if (video === undefined || pictures.length === 0 || isTooFast(video.fps)) return false;
  const seconds = durationMs / 1000;
  // Of a long source not all pictures were counted.
  const there = seconds <= wholeSecondsMax ? video.frames : seconds * video.fps;
  return pictures.every(({ samples }) => samples >= there * shareMin);
}
