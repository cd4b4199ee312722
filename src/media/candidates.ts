import { flags } from "./flags.ts";
import { fileUrl, input, quiet } from "./lock.ts";
import type { Probe, VideoProbe } from "./probe.ts";
import { uprightFilters } from "./upright.ts";

/** Where in a film pictures are looked for that may stand for it. */
const places = [0.08, 0.25, 0.42, 0.6, 0.8] as const;
const sideMax = 1280;

/**
 * FFmpeg's arguments for the key frames nearest to five places of a film, as JPEG; a place that has none leaves no file.
 * @param output the path for each place, by its number
 */
export function candidateArguments(
  path: string,
  probe: Probe & { readonly video: VideoProbe },
  output: (place: number) => string,
): string[] {
  const { video, demuxer, durationMs } = probe;
  const filters = [
    ...uprightFilters({ ...video, startMs: 0 }),
    `scale='min(${sideMax},iw)':'min(${sideMax},ih)':force_original_aspect_ratio=decrease`,
  ].join(",");
  const inputs = places.map((place) => [
    ...flags(`-skip_frame nokey -noaccurate_seek -ss ${((durationMs * place) / 1_000).toFixed(3)}`),
    ...input(demuxer, path),
  ]);
  const outputs = places.map((_, n) => [
    ...flags(`-map ${n}:${video.index} -frames:v 1`),
    "-vf",
    filters,
    // Packing them as PNG would cost as much again as finding them.
    ...flags("-fps_mode passthrough -c:v mjpeg -q:v 2 -f image2 -update 1"),
    fileUrl(output(n)),
  ]);
  return [...quiet, ...inputs.flat(), ...outputs.flat()];
}

export const candidateCount = places.length;

/** What is measured of a picture; luma 0–255. */
export interface Look {
  readonly mean: number;
  readonly deviation: number;
  /** Bits a pixel, of its greyscale. */
  readonly entropy: number;
  /** Deviation of its Laplacian: how much it has of edges. */
  readonly sharpness: number;
}

/** How well a picture may stand for a film; 0 for what says nothing: black, white, one colour. Pure. */
export function scoreOf({ mean, deviation, entropy, sharpness }: Look): number {
  if (mean < 20 || mean > 240 || deviation < 6) return 0;
  // In the middle of the scale most can be seen; towards both ends less.
  const light = 1 - Math.abs(mean - 118) / 160;
  return entropy * Math.log1p(sharpness) * Math.max(0.2, light);
}

/** Measures a raster picture. */
export async function lookAt(bytes: Uint8Array): Promise<Look> {
  const { default: sharp } = await import("sharp");
  const small = sharp(bytes).resize(320, 320, { fit: "inside", withoutEnlargement: true }).greyscale();
  // Statistics are of a picture as it came, whatever was to be done with it.
  const { entropy, sharpness, channels } = await sharp(await small.png().toBuffer()).stats();
  const [luma] = channels;
  return { mean: luma?.mean ?? 0, deviation: luma?.stdev ?? 0, entropy, sharpness };
}
