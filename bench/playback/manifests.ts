import { dashManifest } from "../../src/media/playlists/dash.ts";
import { keyframePlaylist, masterPlaylist, mediaPlaylist } from "../../src/media/playlists/hls.ts";
import type { TrackIndex } from "../../src/media/mp4/indexer.ts";
import { record } from "../record.ts";

/*
 * The cost of rendering the manifests of a title of three hours from its index in memory: five renditions and sound, in
 * segments of two seconds. CPU of this process, for the machine may have other work.
 */
const seconds = 3 * 3_600;
const goalMs = 1;
const rounds = 400;
const names = ["240p", "480p", "720p", "1080p", "1440p"];

const video = names.map((track, n) => ({ track, index: indexOf("video", (n + 1) * 300_000) }));
const audio = [{ track: "audio", name: "Audio", index: indexOf("audio", 32_000) }];
const uriOf = ({ track }: { readonly track: string }): string => `../g1/${track}.mp4?token=${"x".repeat(80)}`;
const [first] = video;
if (first === undefined) throw new Error("there is no rendition");

const kinds: readonly (readonly [string, () => string | undefined])[] = [
  ["HLS master", () => masterPlaylist(video, audio, [], uriOf)],
  ["HLS playlist of a rendition", () => mediaPlaylist(first, uriOf)],
  ["HLS playlist of key frames", () => keyframePlaylist(first, uriOf)],
  ["DASH manifest", () => dashManifest(video, audio, [], (track) => uriOf({ track }))],
];
const lines: string[] = [];
let slowest = 0;
for (const [name, render] of kinds) {
  for (let n = 0; n < rounds; n++) render();
  const before = process.cpuUsage();
  for (let n = 0; n < rounds; n++) render();
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1_000 / rounds;
  slowest = Math.max(slowest, ms);
  lines.push(`| ${name} | ${ms.toFixed(3)} ms | ${Math.round((render()?.length ?? 0) / 1_000)} kB |`);
}
await record("manifests", [
  `Three hours in ${seconds / 2} segments, ${names.length} renditions and sound; mean of ${rounds} renders after as many before.`,
  "",
  "| manifest | CPU per render | size |",
  "|---|---|---|",
  ...lines,
  "",
  `Slowest: ${slowest.toFixed(3)} ms; goal < ${goalMs} ms: ${slowest < goalMs ? "met" : "missed"}.`,
]);

function indexOf(kind: "video" | "audio", bytes: number): TrackIndex {
  const count = seconds / 2;
  const timescale = kind === "video" ? 15_360 : 48_000;
  const sizes = Array.from({ length: count }, (_, n) => bytes + ((n * 7_919) % 10_000));
  return {
    kind,
    codec: kind === "video" ? "avc1.64001f" : "mp4a.40.2",
    timescale,
    width: kind === "video" ? 1_280 : 0,
    height: kind === "video" ? 720 : 0,
    sizeBytes: sizes.reduce((sum, size) => sum + size, 1_000),
    init: { offset: 0, size: 800 },
    sidx: { offset: 800, size: 32 + count * 12 },
    durationTicks: seconds * timescale,
    samples: seconds * 30,
    peakBps: bytes * 8,
    averageBps: bytes * 4,
    segmentsOffset: 832 + count * 12,
    segmentBytes: sizes,
    segmentTicks: sizes.map(() => 2 * timescale),
    keyframeBytes: sizes.map(() => (kind === "video" ? 20_000 : 0)),
  };
}
