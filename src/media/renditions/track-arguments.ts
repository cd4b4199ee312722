import { isCopied, isPlainAac } from "./compatible.ts";
import { flags } from "../flags.ts";
import { fileUrl, input, quiet } from "../lock.ts";
import { copiedAudio, encodedAudio, encodedSurround } from "./output.ts";
import type { AudioProbe, CaptionsProbe, Probe } from "../source/probe.ts";

/** FFmpeg's arguments for a sound one may choose, a file of its own like the first one. */
export const soundArguments = (path: string, { demuxer }: Probe, sound: AudioProbe, output: string): string[] => [
  ...quiet,
  ...input(demuxer, path),
  ...(isPlainAac(sound) ? copiedAudio(sound, output) : encodedAudio(sound.index, output)),
];

/** From here on a sound has a rendition in 5.1 beside the one in stereo. */
const surroundChannels = 6;
export const isSurround = (sound: AudioProbe | undefined): sound is AudioProbe =>
  sound !== undefined && sound.channels >= surroundChannels;

/** As {@link soundArguments}, in 5.1. */
export const surroundArguments = (path: string, { demuxer }: Probe, sound: AudioProbe, output: string): string[] => [
  ...quiet,
  ...input(demuxer, path),
  ...(sound.channels === surroundChannels && isCopied(sound)
    ? copiedAudio(sound, output)
    : encodedSurround(sound.index, output)),
];

/** Advanced SubStation Alpha and its predecessor, which place, move and draw. */
const isScript = ({ codec }: CaptionsProbe): boolean => codec === "ass" || codec === "ssa";

/** FFmpeg's arguments for captions inside a file, each as WebVTT that is still to be read with care. */
export const captionArguments = (
  path: string,
  { demuxer }: Probe,
  outputs: readonly { readonly captions: CaptionsProbe; readonly path: string }[],
): string[] => [
  ...quiet,
  ...input(demuxer, path),
  ...outputs.flatMap(({ captions, path: output }) => [
    // FFmpeg itself shows drawings and comments of scripts as text.
    ...flags(
      `-map 0:${captions.index} -map_metadata -1 ${isScript(captions) ? "-c:s copy -f ass" : "-c:s webvtt -f webvtt"}`,
    ),
    fileUrl(output),
  ]),
];
