import { flags } from "../flags.ts";
import { fileUrl, input, quiet } from "../lock.ts";
import type { AudioProbe, Probe, VideoProbe } from "./probe.ts";

/** The places of a film where a little is decoded before it is published, as parts of its length. */
export const checkedPlaces: readonly number[] = [0, 0.33, 0.7];
const soundSeconds = 0.5;

/** The streams of a film that are looked at. */
export interface Checked {
  readonly video: VideoProbe | undefined;
  readonly sounds: readonly AudioProbe[];
}

/**
 * FFmpeg's arguments that decode the key frame before each place, and half a second of each sound from there. FFmpeg
 * ends with an error where one is damaged.
 */
export function decodeArguments(
  path: string,
  { demuxer, durationMs }: Probe,
  { video, sounds }: Checked,
  places: readonly number[],
): string[] {
  const inputs = places.map((place) => [
    ...flags(`-skip_frame nokey -noaccurate_seek -ss ${((durationMs * place) / 1_000).toFixed(3)}`),
    ...input(demuxer, path),
  ]);
  // FFmpeg 5 reads whole films where the picture of one place comes behind the sound of another.
  const pictures = places.flatMap((_, n) =>
    video === undefined ? [] : flags(`-map ${n}:${video.index} -frames:v 1 -f null -`),
  );
  const samples = places.flatMap((_, n) =>
    sounds.flatMap(({ index }) => flags(`-map ${n}:${index} -t ${soundSeconds} -f null -`)),
  );
  // FFmpeg conceals errors unless it is to end at them.
  return [...quiet, "-xerror", ...inputs.flat(), ...pictures, ...samples];
}

/** One tenth of the first second of a sound, as {@link sampleArguments} write it: less of it is silence to a listener. */
export const audibleBytesMin = 1_600;

/** FFmpeg's arguments that decode the first second of a sound as well as they can, to 8,000 samples of two bytes. */
export const sampleArguments = (path: string, { demuxer }: Probe, { index }: AudioProbe, output: string): string[] => [
  ...quiet,
  ...input(demuxer, path),
  ...flags(`-map 0:${index} -t 1 -ac 1 -ar 8000 -c:a pcm_s16le -f s16le`),
  fileUrl(output),
];

/**
 * True if a failed decoder could make nothing of a picture. A picture that merely refers to a missing earlier one does
 * not count.
 */
export const isNoise = (messages: string): boolean =>
  /Invalid data found|error while decoding|decode_slice_header error|no frame!/.test(messages);
