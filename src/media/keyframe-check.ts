import { flags } from "./flags.ts";
import { input, quiet } from "./lock.ts";
import type { Probe, VideoProbe } from "./probe.ts";

/** Where in a film key frames are decoded before it is published as it was uploaded, as parts of its length. */
export const checkedPlaces: readonly number[] = [0, 0.33, 0.7];

/** FFmpeg's arguments that decode the key frame before each place, and end with an error where one is damaged. */
export function keyframeArguments(
  path: string,
  { video, demuxer, durationMs }: Probe & { readonly video: VideoProbe },
  places: readonly number[],
): string[] {
  const inputs = places.map((place) => [
    ...flags(`-skip_frame nokey -noaccurate_seek -ss ${((durationMs * place) / 1_000).toFixed(3)}`),
    ...input(demuxer, path),
  ]);
  const outputs = places.map((_, n) => flags(`-map ${n}:${video.index} -frames:v 1 -f null -`));
  // FFmpeg conceals errors unless it is to end at them.
  return [...quiet, "-xerror", ...inputs.flat(), ...outputs.flat()];
}

/**
 * Whether a decoder that failed could make nothing of a picture. A picture that merely refers to what comes before it is
 * not like that.
 */
export const isNoise = (messages: string): boolean =>
  /Invalid data found|error while decoding|decode_slice_header error|no frame!/.test(messages);
