import { assLines, isAss } from "./ass.ts";
import { CaptionsRejected, captionCharactersMax, cueCharactersMax, type Cue, cuesMax } from "./cue.ts";
import { cleanText } from "./markup.ts";
import { type Timing, timingOf } from "./moment.ts";
import type { Omission } from "./report.ts";

const settingsMax = 12;
/** WebVTT §4.4: what places a caption. Regions are not kept, so nothing refers to one. */
const setting =
  /^(?:vertical:(?:rl|lr)|line:-?\d{1,3}(?:\.\d{1,3})?%?(?:,(?:start|center|end))?|position:\d{1,3}(?:\.\d{1,3})?%(?:,(?:line-left|center|line-right))?|size:\d{1,3}(?:\.\d{1,3})?%|align:(?:start|center|end|left|right))$/;

/** Captions in the order they are shown, and what of the file they lack. */
export interface ParsedCaptions {
  readonly cues: Cue[];
  readonly omissions: Omission[];
}

/**
 * Reads WebVTT, SubRip or Advanced SubStation Alpha and keeps the readable text: styles, regions, notes and chapters'
 * headings go, so do captions that end before they begin or say nothing. SubRip is read as liberally as players read it:
 * without empty lines between captions, and with some within them. Pure, in time linear in the text.
 * @throws CaptionsRejected
 */
export function parseCaptions(text: string): ParsedCaptions {
  if (text.length > captionCharactersMax) throw new CaptionsRejected("captions.too_large");
  const lines = text
    .replace(/^\ufeff/, "")
    .replaceAll("\0", "\ufffd")
    .split(/\r\n|\r|\n/);
  const parsed = isAss(text) ? parseAss(lines) : parseBlocks(lines);
  parsed.cues.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  return parsed;
}

/** @throws CaptionsRejected */
function parseAss(lines: readonly string[]): ParsedCaptions {
  const parsed: ParsedCaptions = { cues: [], omissions: [] };
  let count = 0;
  for (const { line, startMs, endMs, text } of assLines(lines)) {
    count += 1;
    if (count > cuesMax) throw new CaptionsRejected("captions.too_large");
    if (Number.isNaN(startMs + endMs)) parsed.omissions.push({ code: "captions.time_unreadable", line });
    // A drawing alone is no caption that anybody misses.
    else if (bare(text) !== "" && endMs > startMs) parsed.cues.push({ startMs, endMs, settings: "", text });
  }
  if (count === 0) throw new CaptionsRejected("captions.unreadable");
  return parsed;
}

/** @throws CaptionsRejected */
function parseBlocks(lines: readonly string[]): ParsedCaptions {
  const parsed: ParsedCaptions = { cues: [], omissions: [] };
  const isWebVtt = /^WEBVTT(?:\s|$)/.test(lines[0] ?? "");
  let timings = 0;
  let current: OpenCue | undefined;
  const close = (): void => {
    if (current !== undefined) put(current, parsed);
    current = undefined;
  };
  for (let at = isWebVtt ? 1 : 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    // The whole block up to an empty line, in which an arrow means nothing.
    if (isWebVtt && isBlank(lines[at - 1]) && /^(?:STYLE|REGION|NOTE)(?:\s|$)/.test(line)) {
      close();
      while (!isBlank(lines[at + 1])) at += 1;
      continue;
    }
    const timing = timingOf(line);
    if (timing === undefined || (timing === "unreadable" && !isBlockStart(lines, at))) {
      // In WebVTT an empty line ends a caption; what follows is the name of the next one.
      if (isWebVtt && isBlank(line)) close();
      else current?.said.push(line);
      continue;
    }
    timings += 1;
    if (timings > cuesMax) throw new CaptionsRejected("captions.too_large");
    if (current !== undefined) dropNumber(current);
    close();
    const number = isNumber(lines[at - 1]) ? Number(lines[at - 1]) : undefined;
    if (timing === "unreadable") parsed.omissions.push({ code: "captions.time_unreadable", line: at + 1 });
    else current = { number, line: at + 1, timing, said: [] };
  }
  close();
  if (timings === 0) throw new CaptionsRejected("captions.unreadable");
  return parsed;
}

interface OpenCue {
  /** As the file counts it. */
  readonly number: number | undefined;
  readonly line: number;
  readonly timing: Timing;
  readonly said: string[];
}

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === "";
const isNumber = (line: string | undefined): boolean => /^\s*\d{1,9}\s*$/.test(line ?? "");
/** Behind an empty line, or the number of a caption. */
const isBlockStart = (lines: readonly string[], at: number): boolean =>
  isBlank(lines[at - 1]) || isNumber(lines[at - 1]);

/** The last line of a caption is the number of the next one, where it follows other lines or counts on. */
function dropNumber({ number, said }: OpenCue): void {
  const last = said.at(-1);
  if (isNumber(last) && (said.length > 1 || Number(last) - 1 === number)) said.pop();
}

function put({ line, timing, said }: OpenCue, { cues, omissions }: ParsedCaptions): void {
  const { startMs, endMs, settings } = timing;
  const raw = said.join("\n").trim();
  const text = cleanText(raw);
  if (endMs <= startMs) omissions.push({ code: "captions.ends_before_begin", line });
  else if (bare(text) === "") omissions.push({ code: "captions.empty", line });
  else {
    if (raw.length > cueCharactersMax) omissions.push({ code: "captions.text_cut", line });
    const placements = settings.split(/\s+/, settingsMax + 1).filter((word) => setting.test(word));
    cues.push({ startMs, endMs, settings: placements.join(" "), text });
  }
}

const bare = (text: string): string => text.replaceAll(/<[^<>]*>/g, "").trim();
