import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance } from "../../test/instance/instance.ts";
import { Client } from "../client.ts";
import { FamilyWatch } from "./family-watch.ts";
import { likeness } from "./likeness.ts";
import { median, record } from "../record.ts";

/*
 * The cost of making a video: CPU of the server and of the media processes it starts. These are sandbox, probe, first
 * frame, ladder, cover, storyboard, preview, waveform and loudness together. It is compared with one bare FFmpeg that
 * makes the same renditions with the same settings from one decode. It is also compared with one bare FFmpeg for each
 * rendition. The likeness of the renditions to the source is compared with that of the bare FFmpeg.
 */
const rounds = 2;
const seconds = 20;
const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
await using instance = await Instance.start({
  env: { KINORA_RATE_LIMIT: "off", KINORA_LOG_LEVEL: "warn", KINORA_INSTANT_UPLOAD: "own" },
});
const client = new Client(instance.url);
await client.register("bench");

interface Source {
  readonly name: string;
  /** Frames between key frames: more than five seconds of them, and a player could not begin immediately. */
  readonly keyInt: number;
  /** The renditions to encode and their presets; a compatible source is its own largest rendition. */
  readonly rungs: readonly Rung[];
  readonly isCompatible: boolean;
  readonly goal: string;
}
type Rung = readonly [height: number, crf: number, maxrateKbps: number, preset: string, scaler?: string];

const below: Rung[] = [
  [720, 23, 3_000, "veryfast"],
  [480, 23, 1_300, "veryfast"],
  [240, 24, 450, "veryfast"],
];
const full: Rung[] = [[1080, 23, 6_000, "veryfast"], ...below];
const sources: Source[] = [
  { name: "compatible (H.264, AAC)", keyInt: 60, rungs: below, isCompatible: true, goal: "≤ 1.10×" },
  { name: "to be encoded (one key frame)", keyInt: 9_999, rungs: full, isCompatible: false, goal: "≤ 1.30×" },
];

const rows: string[] = [];
const looks: string[] = [];
/** How far the time left was from the truth, as a part of it: of each film the first forecast, and all after it. */
const forecasts = { first: [] as number[], later: [] as number[] };
for (const [n, source] of sources.entries()) {
  const costs = { whole: [] as number[], bare: [] as number[], apart: [] as number[], quick: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    // The first round warms up; each has a source of its own, for the same one would not be made twice.
    const path = await sourceOf(source, n * 10 + round);
    await client.signIn("bench");
    const watch = new FamilyWatch(instance.pid);
    const { id } = await client.upload(path);
    await waitUntilFinished(id);
    const whole = watch.end();
    const bare = await ffmpegMs(bareArguments(path, source.rungs, source.isCompatible, "bare"));
    if (round === 0) {
      looks.push(...(await looksOf(source, path, id)));
      continue;
    }
    const quick = await ffmpegMs(bareArguments(path, [[480, 23, 1_300, "ultrafast", ":flags=area"]], false, "quick"));
    let apart = 0;
    for (const [place, rung] of source.rungs.entries())
      apart += await ffmpegMs(bareArguments(path, [rung], place === 0 && source.isCompatible, `apart-${place}`));
    const figures = Object.entries({ whole, bare, quick, apart }).map(
      ([name, ms]) => `${name} ${(ms / 1_000).toFixed(1)} s`,
    );
    console.error(`${source.name}, round ${round}: ${figures.join(", ")}`);
    costs.whole.push(whole);
    costs.bare.push(bare);
    costs.apart.push(apart);
    costs.quick.push(quick);
  }
  const of = (values: readonly number[], otherValues: readonly number[]) => {
    const ratios = values.map((value, round) => value / (otherValues[round] ?? Number.NaN));
    return `${median(ratios).toFixed(2)}× (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
  };
  rows.push(
    `| ${source.name}: whole pipeline | ${(median(costs.whole) / 1000).toFixed(1)} s | one bare cascaded FFmpeg | ${of(costs.whole, costs.bare)} | ${source.goal} |`,
    `| ${source.name}: whole pipeline | ${(median(costs.whole) / 1000).toFixed(1)} s | one FFmpeg for each rendition | ${of(costs.whole, costs.apart)} | ≤ 0.80× |`,
  );
  if (!source.isCompatible)
    rows.push(
      `| the quick 480p alone | ${(median(costs.quick) / 1000).toFixed(1)} s | the whole ladder | ${of(costs.quick, costs.bare)} | ≤ 0.20× |`,
    );
}
await rm(folder, { recursive: true });
await record("pipeline", [
  `Sources of ${seconds} s, 1080p at 30 fps, about 14 Mbit/s with grain; rounds: ${rounds}, after a warm-up; CPU seconds, median, and ratios within a round.`,
  "PostgreSQL is counted, as everything else the server starts.",
  "",
  "| | CPU | against | ratio | goal |",
  "|---|---|---|---|---|",
  ...rows,
  "",
  `The time left, against the truth: the first that was figures after one third was off by ${percent(median(forecasts.first))} (median of ${forecasts.first.length} films; ${forecasts.first.map(percent).join(", ")}), those after it, down to the last two seconds, by ${percent(median(forecasts.later))} (median of ${forecasts.later.length}), nine of ten within ${percent(forecasts.later.toSorted((a, b) => a - b)[Math.floor(forecasts.later.length * 0.9)] ?? Number.NaN)}; goal: within 20 %.`,
  "",
  "How much the renditions look like the source, scaled up to its size, beside a bare FFmpeg with the same settings:",
  "",
  "| | kbit/s | Kinora | bare FFmpeg |",
  "|---|---|---|---|",
  ...looks,
]);

function percent(part: number): string {
  return `${Math.round(100 * part)} %`;
}

/** A grainy film with a tone; each `seed` gives other bytes. */
async function sourceOf({ keyInt }: Source, seed: number): Promise<string> {
  const path = join(folder, `source-${seed}.mp4`);
  const picture = `testsrc2=s=1920x1080:r=30,noise=alls=12:allf=t:all_seed=${seed + 1}`;
  await ffmpegMs([
    ...`-f lavfi -i ${picture} -f lavfi -i sine=440 -t ${seconds}`.split(" "),
    ...`-c:v libx264 -preset veryfast -b:v 14M -maxrate 14M -bufsize 14M -g ${keyInt} -keyint_min ${Math.min(60, keyInt)}`.split(
      " ",
    ),
    ...`-sc_threshold 0 -pix_fmt yuv420p -c:a aac -b:a 128k -movflags +faststart ${path}`.split(" "),
  ]);
  return path;
}

/** The same renditions by nobody but FFmpeg: one decode, each scaled from the one before; `copies` keeps the source beside them. */
function bareArguments(path: string, rungs: readonly Rung[], copies: boolean, name: string): string[] {
  const out = (what: string) => join(folder, `${name}-${what}.mp4`);
  const graph = rungs
    .map(([height, , , , scaler = ""], n) => {
      const from = n === 0 ? "[0:v]" : `[x${n}]`;
      return `${from}scale=-2:${height}${scaler}${n === rungs.length - 1 ? `[v${n}]` : `,split=2[v${n}][x${n + 1}]`}`;
    })
    .join(";");
  const boxes = "-movflags +frag_keyframe+empty_moov+default_base_moof+global_sidx".split(" ");
  return [
    "-i",
    path,
    "-filter_complex",
    graph,
    ...(copies ? ["-map", "0:v", "-c", "copy", ...boxes, out("source")] : []),
    ...rungs.flatMap(([height, crf, kbps, preset], n) => [
      ...`-map [v${n}] -c:v libx264 -preset ${preset} -profile:v high -pix_fmt yuv420p -crf ${crf}`.split(" "),
      ...`-maxrate ${kbps}k -bufsize ${2 * kbps}k -force_key_frames expr:gte(t,n_forced*2) -sc_threshold 0`.split(" "),
      ...boxes,
      out(`${height}p`),
    ]),
    ...`-map 0:a -c:a ${copies ? "copy" : "aac"} -b:a 128k`.split(" "),
    ...boxes,
    out("audio"),
  ];
}

/** The CPU time of an FFmpeg of ours, in milliseconds. */
async function ffmpegMs(args: readonly string[]): Promise<number> {
  const child = spawn("ffmpeg", ["-hide_banner", "-loglevel", "error", "-nostdin", "-y", ...args], {
    stdio: "inherit",
  });
  const watch = new FamilyWatch(child.pid ?? 0);
  const [code] = (await once(child, "exit")) as [number | null]; // The event's own arguments.
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${args.join(" ")}`);
  return watch.end();
}

interface Made {
  readonly profile: string;
  readonly url: string;
  readonly height: number;
  readonly bitrate: number;
}

/** Everything is made of it, what comes after the ladder too. */
async function waitUntilFinished(id: number): Promise<void> {
  const said: { readonly atMs: number; readonly leftS: number }[] = [];
  for (;;) {
    const { status, progress, seconds_left } = await client.ask<{
      status: string;
      progress: number;
      seconds_left: number | null;
    }>(`/media/${id}/transcode`);
    if (status === "failed") throw new Error("the transcode failed");
    const atMs = performance.now();
    if (progress >= 34 && status === "running" && seconds_left !== null) said.push({ atMs, leftS: seconds_left });
    // Its forecasts from one third on, against the real time; in the last two seconds a share means nothing.
    if (status === "completed" && said.length > 0) {
      const off = said
        .splice(0)
        .map(({ atMs: then, leftS }) => ({ leftS, trulyS: (atMs - then) / 1_000 }))
        .filter(({ trulyS }) => trulyS > 2)
        .map(({ leftS, trulyS }) => Math.abs(leftS - trulyS) / trulyS);
      forecasts.first.push(...off.slice(0, 1));
      forecasts.later.push(...off.slice(1));
    }
    if (status === "completed" && (await idle())) break;
    // Each question costs the server some milliseconds, and those are not what a film costs.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** No transcoding waits or runs, by the server's own count. */
async function idle(): Promise<boolean> {
  const text = await (await fetch(`${instance.url}/metrics`)).text();
  const counts = Array.from(text.matchAll(/^transcode_jobs\{[^}]*\} (\d+)/gm), ([, count]) => Number(count));
  return counts.length > 0 && counts.every((count) => count === 0);
}

async function looksOf({ name, rungs }: Source, path: string, id: number): Promise<string[]> {
  const lines = [];
  for (const [height] of rungs) {
    // Asked for each time: an address is good for five minutes, and a comparison takes one.
    const { renditions: made } = await client.ask<{ renditions: Made[] }>(`/media/${id}`);
    const rendition = made.find((rendition) => rendition.height === height);
    const bare = await likeness(join(folder, `bare-${height}p.mp4`), path);
    if (rendition === undefined) {
      lines.push(`| ${name}, ${height}p | – | dropped: not clearly smaller than the one above | ${bare} |`);
      continue;
    }
    const file = join(folder, `own-${height}p.mp4`);
    await writeFile(file, Buffer.from(await (await fetch(new URL(rendition.url, instance.url))).arrayBuffer()));
    lines.push(
      `| ${name}, ${height}p | ${Math.round(rendition.bitrate / 1000)} | ${await likeness(file, path)} | ${bare} |`,
    );
  }
  return lines;
}
