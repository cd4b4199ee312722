import type { Cue } from "./cue.ts";
import { writeWebVtt } from "./write.ts";

/** Subtitles alone may have longer segments than the renditions beside them (RFC 8216 §6.2.4). */
export const partMs = 30_000;

/** How many parts the captions of a film have. Pure. */
export const captionsPartsOf = (durationMs: number): number => Math.max(1, Math.ceil(durationMs / partMs));

/**
 * One part of captions, from 1 on, with times of the whole film (RFC 8216 §3.5). A caption that crosses a border is in
 * each of its parts. The last part has what lies beyond the film. Pure.
 */
export function captionsPart(cues: readonly Cue[], part: number, count: number): string {
  const [startMs, endMs] = [(part - 1) * partMs, part === count ? Number.POSITIVE_INFINITY : part * partMs];
  return writeWebVtt(
    cues.filter((cue) => cue.startMs < endMs && cue.endMs > startMs),
    "X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n",
  );
}
