import { assumedColourFlags } from "./colour.ts";
import type { Compatibility } from "./compatible.ts";
import { flags } from "../flags.ts";
import { filmInputs, fileUrl, quiet } from "../lock.ts";
import { copiedAudio, encodedAudio, fragmentedOutput, fromZero } from "./output.ts";
import type { Probe } from "../source/probe.ts";

/** The paths of the results; a file that is not named is not made. */
export interface RemuxFiles {
  readonly video?: string;
  readonly audio?: string;
  /** The place of the list of the picture's parameter sets. */
  readonly parameters?: string;
}

/** FFmpeg's arguments for a source that is published as it is: one file of pictures, one of sound. */
export function remuxArguments(path: string, probe: Probe, plan: Compatibility, files: RemuxFiles): string[] {
  const { video, audio } = probe;
  const outputs: string[] = [];
  const inputs = filmInputs(path, probe);
  if (video !== undefined && files.video !== undefined && plan.video === "copy")
    outputs.push(
      ...flags(`-map 0:${video.index} -c copy`),
      ...(video.startMs > 0 ? ["-bsf:v", fromZero] : []),
      ...assumedColourFlags(video),
      ...fragmentedOutput("video", files.video),
    );
  if (video !== undefined && files.parameters !== undefined && plan.video === "copy")
    // NAL units of type 7, the sequence parameter sets, one line for each packet that has some.
    outputs.push(
      ...flags(`-map 0:${video.index} -c copy -bsf:v filter_units=pass_types=7 -f framecrc`),
      fileUrl(files.parameters),
    );
  if (audio !== undefined && files.audio !== undefined)
    outputs.push(
      ...(plan.audio === "copy"
        ? copiedAudio(audio, files.audio, inputs.sound)
        : encodedAudio(audio.index, files.audio, inputs.sound)),
    );
  if (outputs.length === 0) throw new RangeError("there is nothing to repackage");
  return [...quiet, ...inputs.args, ...outputs];
}

/**
 * True if a picture changes within its file, such as its size, by the list of its parameter sets: a copy has one header for
 * all of it. Pure.
 */
export function hasChanges(parameters: string): boolean {
  const sums = Array.from(parameters.matchAll(/^\d+,(?:[^,]*,){4} *(0x[0-9a-f]+)/gm), ([, sum]) => sum);
  return new Set(sums).size > 1;
}
