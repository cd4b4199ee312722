import { fileUrl } from "../lock.ts";

/** The most peaks, however long the sound is: more than any screen shows. */
const peaksMax = 2_000;
const sampleRate = 8_000;
/** Below this nothing is drawn. */
const floorDb = -60;

/** How much sound one peak stands for: a fiftieth of a second at the least. Pure. */
export const peakMsOf = (durationMs: number): number => Math.max(20, Math.ceil(durationMs / peaksMax));

/** FFmpeg's filters that write the loudest sample of each stretch to a file, as {@link peaksIn} reads it. */
export const waveformFilters = (durationMs: number, path: string): string[] => [
  `aresample=${sampleRate}`,
  `asetnsamples=n=${(peakMsOf(durationMs) * sampleRate) / 1_000}:p=0`,
  "astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Peak_level",
  `ametadata=print:key=lavfi.astats.Overall.Peak_level:file=${escapePath(fileUrl(path))}`,
];

/** The peaks, 0–255 of full scale. Other lines are ignored. */
export function peaksIn(text: string): number[] {
  return Array.from(text.matchAll(/^lavfi\.astats\.Overall\.Peak_level=(\S+)$/gm), ([, level]) => {
    const db = Number(level);
    return Number.isFinite(db) && db > floorDb ? Math.min(255, Math.round(255 * 10 ** (db / 20))) : 0;
  }).slice(0, 2 * peaksMax);
}

/** A path inside a filter graph: escaped as an option's value, and that as a part of the graph (ffmpeg-utils, quoting). */
const escapePath = (path: string): string =>
  path.replaceAll(/[\\':]/g, String.raw`\$&`).replaceAll(/[\\'[\],;]/g, String.raw`\$&`);
