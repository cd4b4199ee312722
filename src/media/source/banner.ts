import { flags } from "../flags.ts";
import type { Demuxer } from "../container.ts";
import { input } from "../lock.ts";
import { type FieldOrder, type FileFacts, ratio, type StreamFacts, streamType } from "./stream-facts.ts";

/**
 * Arguments that make FFmpeg describe a file in words, for builds that come without ffprobe (docs/adr/011). With no
 * output named, it prints what it found and ends with status 1.
 */
export const bannerArguments = (demuxer: Demuxer, path: string): string[] => [
  ...flags("-hide_banner -nostdin"),
  ...input(demuxer, path),
];

/** The last line of a description; without it the file could not be opened. */
export const isBanner = (messages: string): boolean => /^At least one output file must be specified/m.test(messages);

/** Reads the description (libavformat/dump.c). Text from the file's own tags never begins a line the way streams do. */
export function factsOfBanner(messages: string): FileFacts {
  const [, hours = "", minutes = "", seconds = ""] = /^ {2}Duration: (\d+):(\d+):([\d.]+)/m.exec(messages) ?? [];
  const claimed = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const blocks = messages.split(/^(?= {2}(?:Stream #0:|Program |Chapter | {2}Chapter #))/m);
  const streams = new Map<number, StreamFacts>();
  for (const block of blocks) {
    const line = /^ {2}Stream #0:(\d+)(?:\[\w+\])?(?:\(([^ )]*)\))?: (\w+): (.*)/.exec(block);
    if (line === null) continue;
    const { 1: index, 2: language, 3: kind = "", 4: words = "" } = line;
    streams.set(Number(index), { ...stream(Number(index), kind, words, block), language });
  }
  const chapters = blocks.flatMap((block) => {
    const [, start] = /^ {4}Chapter #\d+:\d+: start (-?[\d.]+), end /.exec(block) ?? [];
    // The first line of its title; others follow indented.
    return start === undefined ? [] : [{ startSeconds: Number(start), title: /^ {8}title +: (.*)/m.exec(block)?.[1] }];
  });
  return {
    chapters,
    claimedSeconds: claimed > 0 ? claimed : undefined,
    streams: [...streams.values()].toSorted((a, b) => a.index - b.index),
  };
}

function stream(index: number, kind: string, line: string, block: string): StreamFacts {
  // Commas inside parentheses belong to their part: `yuv420p(tv, bt709, progressive)`.
  const [name = "", format = "", ...fields] = line.split(/, (?![^(]*\))/);
  // Beside the profile may stand the decoder's name, which is in small letters, and the container's name for the codec,
  // which has a slash: `mp2 (mp3float) ([3][0][0][0] / 0x0003)`.
  const [, codec = "unknown", profile] = /^(\w+)(?: \([a-z]\w*\))?(?: \(([A-Z][^)/]*)\))?/.exec(name) ?? [];
  const type = streamType(kind.toLowerCase());
  const [, width = "0", height = "0"] = / (\d+)x(\d+)/.exec(` ${fields[0] ?? ""}`) ?? [];
  const [, pixels, details = ""] = /^(\w+)(?:\((.*)\))?/.exec(format) ?? [];
  const rotation = /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(block)?.[1];
  const colours = details
    .split(", ")
    .find((part) => part.includes("/"))
    ?.split("/");
  const single = details.split(", ").find((part) => part.startsWith("bt") || part.startsWith("smpte"));
  const [matrix, primaries, transfer] = colours ?? [single, single, single];
  return {
    index,
    type,
    codec,
    profile,
    isAttachedPicture: line.includes("(attached pic)"),
    isSecondary: line.includes("(timed thumbnails)") || line.includes("(dependent)"),
    isDefault: line.includes("(default)"),
    width: Number(width),
    height: Number(height),
    pixelFormat: type === "video" && pixels !== "none" ? pixels : undefined,
    sar: ratio(/\bSAR (\d+:\d+)/.exec(line)?.[1]) ?? 1,
    fps: ratio(/, ([\d.]+) fps/.exec(line)?.[1]) ?? ratio(/, ([\d.]+) tbr/.exec(line)?.[1]) ?? 0,
    matrixRotation: rotation === undefined ? undefined : Number(rotation),
    fieldOrder: [...fieldOrders].find(([words]) => details.includes(words))?.[1] ?? "unknown",
    transfer: unlessUnknown(transfer),
    primaries: unlessUnknown(primaries),
    matrix: unlessUnknown(matrix),
    isFullRange: details.split(", ")[0] === "pc",
    channels: type === "audio" ? channelsOf(fields[0] ?? "") : 0,
    sampleRate: type === "audio" ? (ratio(/^(\d+) Hz/.exec(format)?.[1]) ?? 0) : 0,
    // The first line of it; others follow indented.
    title: /^ {6}title +: (.*)/m.exec(block)?.[1],
  };
}

const unlessUnknown = (name: string | undefined): string | undefined => (name === "unknown" ? undefined : name);

const fieldOrders = new Map<string, FieldOrder>([
  ["progressive", "progressive"],
  ["top first", "tt"],
  ["bottom first", "bb"],
  ["top coded first (swapped)", "tb"],
  ["bottom coded first (swapped)", "bt"],
]);

/** `mono`, `stereo`, `5.1(side)`, `6 channels`. */
function channelsOf(layout: string): number {
  if (layout.startsWith("mono")) return 1;
  if (layout.startsWith("stereo") || layout.startsWith("downmix")) return 2;
  const parts = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(layout);
  return parts === null ? 0 : [1, 2, 3].reduce((sum, n) => sum + Number(parts[n] ?? 0), 0);
}
