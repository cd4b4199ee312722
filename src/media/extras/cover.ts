import { flags } from "../flags.ts";
import { fileUrl, input, quiet } from "../lock.ts";
import type { Probe } from "../source/probe.ts";
import { pictureFilters } from "../renditions/picture-filters.ts";

/** Longest side of a cover candidate. */
const sideMax = 1280;
/** Mean luma (0–255) of pictures that say nothing: near black below, near white above. */
const lumaMin = 28;
const lumaMax = 232;

/**
 * FFmpeg's arguments to make a cover candidate, a list to try in order until the file exists: the most typical of the
 * first key frames, then of a picture every half second, then simply the first picture. An attached picture
 * comes first for sound. The result is PNG, or for an attached picture its own bytes: both only for `redrawn`.
 */
export function coverArguments(path: string, probe: Probe, output: string): string[][] {
  const { video, coverIndex } = probe;
  const openInput = (...before: string[]): string[] => [...quiet, ...before, ...input(probe.demuxer, path)];
  const onePicture = ["-frames:v", "1", "-update", "1", "-f", "image2", "-y", fileUrl(output)];
  if (video === undefined)
    return coverIndex === undefined ? [] : [[...openInput(), "-map", `0:${coverIndex}`, "-c", "copy", ...onePicture]];
  const fit = `scale='min(${sideMax},iw)':'min(${sideMax},ih)':force_original_aspect_ratio=decrease`;
  const pickPicture = (before: string[], ...filters: string[]): string[] => [
    ...openInput(...before),
    "-filter_complex",
    `[0:${video.index}]${[...filters, ...pictureFilters({ ...video, startMs: 0 }), fit].join(",")}[cover]`,
    ...flags("-map [cover] -fps_mode passthrough -c:v png"),
    ...onePicture,
  ];
  const informative = ["format=yuv420p", "signalstats", `${luma}:value=${lumaMin}:function=greater`];
  const typical = [...informative, `${luma}:value=${lumaMax}:function=less`, "thumbnail=20"];
  return [
    pickPicture(["-skip_frame", "nokey"], ...typical),
    // Decoding everything is for short stretches only.
    pickPicture(["-t", "60"], "fps=2", ...typical),
    pickPicture([]),
  ];
}

const luma = "metadata=mode=select:key=lavfi.signalstats.YAVG";
