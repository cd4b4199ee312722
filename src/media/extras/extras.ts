import { flags } from "../flags.ts";
import { fileUrl, input } from "../lock.ts";
import { loudnessFilter } from "./loudness.ts";
import { previewFilters, previewOutput } from "./preview.ts";
import { sheetOutput, storyboardFilters, storyboardOf } from "./storyboard.ts";
import { waveformFilters } from "./waveform.ts";

/** As `quiet`, and a meter may say what it has measured. */
const reporting = flags("-y -hide_banner -nostdin -nostats -loglevel info -progress pipe:1");

interface Picture {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
}

/** FFmpeg's arguments for storyboard and moving preview, from a rendition of ours: the smallest is large enough. */
export function pictureExtras(
  { path, durationMs, ...size }: Picture,
  { sheets, preview }: { readonly sheets: string; readonly preview?: string | undefined },
): string[] {
  const still = `${storyboardFilters(storyboardOf(durationMs, size)).join(",")}[sheets]`;
  const graph =
    preview === undefined
      ? `[0:v]${still}`
      : `[0:v]split=2[still][film];[still]${still};[film]${previewFilters(durationMs, size).join(",")}[preview]`;
  return [
    ...reporting,
    ...input("mov", path),
    "-filter_complex",
    graph,
    ...flags("-map [sheets]"),
    ...sheetOutput(fileUrl(sheets)),
    ...(preview === undefined ? [] : [...flags("-map [preview]"), ...previewOutput, fileUrl(preview)]),
  ];
}

/** FFmpeg's arguments for the waveform, written to a file, and the loudness, said at the end. */
export const soundExtras = (path: string, durationMs: number, peaks: string): string[] => [
  ...reporting,
  ...input("mov", path),
  "-filter_complex",
  `[0:a]asplit=2[meter][wave];[meter]${loudnessFilter}[measured];[wave]${waveformFilters(durationMs, peaks).join(",")}[drawn]`,
  ...flags("-map [measured] -f null - -map [drawn] -f null -"),
];
