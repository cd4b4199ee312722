import type { Compatibility } from "./compatible.ts";
import { flags } from "./flags.ts";
import { input, quiet } from "./lock.ts";
import { copiedAudio, encodedAudio, fragmented, fromZero } from "./output.ts";
import type { Probe } from "./probe.ts";

/** Where the results go; a file that is not named is not made. */
export interface RemuxFiles {
  readonly video?: string;
  readonly audio?: string;
}

/** FFmpeg's arguments for a source that is published as it is: one file of pictures, one of sound. */
export function remuxArguments(path: string, probe: Probe, plan: Compatibility, files: RemuxFiles): string[] {
  const { video, audio } = probe;
  const outputs: string[] = [];
  if (video !== undefined && files.video !== undefined && plan.video === "copy")
    outputs.push(
      ...flags(`-map 0:${video.index} -c copy`),
      ...(video.startMs > 0 ? ["-bsf:v", fromZero] : []),
      ...fragmented("video", files.video),
    );
  if (audio !== undefined && files.audio !== undefined)
    outputs.push(...(plan.audio === "copy" ? copiedAudio(audio, files.audio) : encodedAudio(audio.index, files.audio)));
  if (outputs.length === 0) throw new RangeError("there is nothing to repackage");
  return [...quiet, ...input(probe.demuxer, path), ...outputs];
}
