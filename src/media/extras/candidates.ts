import { jpegColours, renditionColours } from "../renditions/colour.ts";
import { flags } from "../flags.ts";
import { fileUrl, input, quiet } from "../lock.ts";
import type { Probe, VideoProbe } from "../source/probe.ts";
import { pictureFilters } from "../renditions/picture-filters.ts";

/**
 * The places of a film, as parts of its length, at which a cover is looked for. The second group is tried if no picture
 * of the first is good enough. Each place costs the decoding of two key frames, its own and the one the file is known
 * by.
 */
const placesInTurn = [
  [0.25, 0.6],
  [0.8, 0.08, 0.42],
] as const;

/** The places of a film in the order in which they are looked at; one where all have the same key frame before them. Pure. */
export function turnsOf({ video, durationMs }: Probe & { readonly video: VideoProbe }): readonly (readonly number[])[] {
  const isOne = video.frames <= 1 || video.keyframeGapMs > durationMs * Math.max(...placesInTurn.flat());
  return isOne ? [placesInTurn[0].slice(0, 1)] : placesInTurn;
}

const sideMax = 1280;

/**
 * FFmpeg's arguments for the key frames before some places of a film, as JPEG; a place that has none leaves no file.
 * @param output the path for each place
 */
export function candidateArguments(
  path: string,
  probe: Probe & { readonly video: VideoProbe },
  places: readonly number[],
  output: (place: number) => string,
): string[] {
  const { video, demuxer, durationMs } = probe;
  const filters = [
    ...pictureFilters({ ...video, startMs: 0 }),
    `scale='min(${sideMax},iw)':'min(${sideMax},ih)':force_original_aspect_ratio=decrease:${jpegColours(renditionColours(video))}`,
    "format=yuvj420p",
  ].join(",");
  const inputs = places.map((place) => [
    ...flags(`-skip_frame nokey -noaccurate_seek -ss ${((durationMs * place) / 1_000).toFixed(3)}`),
    ...input(demuxer, path),
  ]);
  const outputs = places.map((place, n) => [
    ...flags(`-map ${n}:${video.index} -frames:v 1`),
    "-vf",
    filters,
    // Packing them as PNG would cost as much again as finding them.
    ...flags("-fps_mode passthrough -c:v mjpeg -q:v 2 -f image2 -update 1"),
    fileUrl(output(place)),
  ]);
  return [...quiet, ...inputs.flat(), ...outputs.flat()];
}

/** The measurements of a picture; luma 0–255. */
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

/** From this score on a picture shows plainly what a film is about: no further ones are looked for. */
const enoughScore = 2;

interface Scored {
  readonly bytes: Buffer;
  readonly score: number;
}

/** The best picture, looked for in turns until one is good enough; undefined where all score 0. */
export async function bestCandidate(
  turns: readonly (readonly number[])[],
  look: (places: readonly number[]) => Promise<readonly Scored[]>,
): Promise<Scored | undefined> {
  let best: Scored | undefined;
  for (const places of turns) {
    for (const candidate of await look(places)) if (candidate.score > (best?.score ?? 0)) best = candidate;
    if (best && best.score >= enoughScore) break;
  }
  return best;
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
