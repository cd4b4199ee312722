import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { tools } from "./tracks.ts";

/** FFmpeg's sources of a film that shows the second in three bits, as white columns, and sounds it as a tone. */
export const clockPicture = ({ fps = 25, seconds = 6, size = "160x90", from = 0 } = {}): string[] => [
  "-f",
  "lavfi",
  "-i",
  `color=black:s=${size}:r=${fps}:d=${seconds},${[0, 1, 2]
    .map(
      (bit) => `drawbox=x=iw*${bit}/4:w=iw/4:h=ih:t=fill:c=white:enable='mod(floor((t+${from}+0.001)/${2 ** bit}),2)'`,
    )
    .join(",")}`,
];
export const clockSound = ({ seconds = 6, from = 0 } = {}): string[] => [
  "-f",
  "lavfi",
  "-i",
  `aevalsrc='0.5*sin(2*PI*(400+200*(${from}+floor(t)))*t)':s=48000:d=${seconds}`,
];

/** A second that is shown or sounds from a time on, in milliseconds. */
export interface Tick {
  readonly ms: number;
  readonly second: number;
}

/** Decodes with what is installed, whichever FFmpeg made the file; damage is a matter for others. */
async function decoded(args: readonly string[]): Promise<Buffer> {
  const all = ["-v", "error", "-nostdin", ...args, "pipe:1"];
  const { stdout } = await promisify(execFile)(tools.ffmpeg.path, all, { encoding: "buffer", maxBuffer: 2 ** 28 });
  return stdout;
}

/** The seconds that the pictures of a rendition show. `crop` is the part of the picture with the clock. */
export async function picturesOf(path: string, crop?: (ms: number) => string | undefined): Promise<Tick[]> {
  const listed = String(await decoded(["-i", path, ..."-fps_mode passthrough -f framecrc".split(" ")]));
  const [, above = 0, below = 1] = /^#tb 0: (\d+)\/(\d+)/m.exec(listed) ?? [];
  const times = Array.from(
    listed.matchAll(/^0, *-?\d+, *(-?\d+)/gm),
    ([, pts]) => (Number(pts) * 1_000 * Number(above)) / Number(below),
  );
  const read = async (part: string | undefined): Promise<number[]> => {
    const filters = `${part === undefined ? "" : `crop=${part},`}scale=4:1:flags=area,format=gray`;
    const raw = await decoded(["-i", path, "-vf", filters, ..."-fps_mode passthrough -f rawvideo".split(" ")]);
    return times.map((_, n) => [0, 1, 2].reduce((sum, bit) => sum + ((raw[4 * n + bit] ?? 0) > 128 ? 2 ** bit : 0), 0));
  };
  const byPart = new Map<string | undefined, number[]>();
  for (const part of new Set(times.map((ms) => crop?.(ms)))) byPart.set(part, await read(part));
  return times.map((ms, n) => ({ ms, second: byPart.get(crop?.(ms))?.[n] ?? Number.NaN }));
}

/** The seconds that a sound says, every 10 ms, by how often its wave rises in 40 ms around. */
export async function tonesOf(path: string): Promise<Tick[]> {
  const rate = 16_000;
  const raw = await decoded([
    "-i",
    path,
    "-af",
    `aresample=${rate}:async=1:first_pts=0`,
    ..."-ac 1 -f s16le".split(" "),
  ]);
  const sample = (n: number): number => (2 * n + 1 < raw.length ? raw.readInt16LE(2 * n) : 0);
  const ticks: Tick[] = [];
  const half = rate * 0.02;
  for (let at = half; at + half < raw.length / 2; at += rate * 0.01) {
    let rises = 0;
    for (let n = at - half; n < at + half; n++) if (sample(n) < 0 && sample(n + 1) >= 0) rises += 1;
    ticks.push({ ms: (at * 1_000) / rate, second: Math.round((rises / 0.04 - 400) / 200) });
  }
  return ticks;
}

/** The picture or sound at a time. */
export const secondAt = (ticks: readonly Tick[], ms: number): number | undefined =>
  ticks.findLast((tick) => tick.ms <= ms)?.second;
/** When a second begins that was not there before. */
export const beginOf = (ticks: readonly Tick[], second: number): number | undefined =>
  ticks.find((tick, n) => n > 0 && tick.second === second && ticks[n - 1]?.second !== second)?.ms;
