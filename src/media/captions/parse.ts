import { CaptionsRejected, captionCharactersMax, type Cue, cuesMax } from "./cue.ts";
import { cleanText } from "./markup.ts";

/** Twelve hours and a little: the longest a video may be. */
const momentMsMax = 13 * 3_600_000;
const settingsMax = 12;
/** WebVTT §4.4: what places a caption. Regions are not kept, so nothing refers to one. */
const setting =
  /^(?:vertical:(?:rl|lr)|line:-?\d{1,3}(?:\.\d{1,3})?%?(?:,(?:start|center|end))?|position:\d{1,3}(?:\.\d{1,3})?%(?:,(?:line-left|center|line-right))?|size:\d{1,3}(?:\.\d{1,3})?%|align:(?:start|center|end|left|right))$/;
const moment = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})$/;

/**
 * Reads WebVTT or SubRip and keeps the readable text: styles, regions, notes and chapters' headings go, so do captions
 * that end before they begin or say nothing. In the order they are shown. Pure, in time linear in the text.
 * @throws CaptionsRejected
 */
export function parseCaptions(text: string): Cue[] {
  if (text.length > captionCharactersMax) throw new CaptionsRejected("captions.too_large");
  const lines = text
    .replace(/^\ufeff/, "")
    .replaceAll("\0", "\ufffd")
    .split(/\r\n|\r|\n/);
  const cues: Cue[] = [];
  let timings = 0;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (!line.includes("-->")) {
      // The whole block up to an empty line, in which an arrow means nothing.
      if (/^(?:STYLE|REGION|NOTE)(?:\s|$)/.test(line)) while ((lines[at + 1] ?? "").trim() !== "") at += 1;
      continue;
    }
    timings += 1;
    if (timings > cuesMax) throw new CaptionsRejected("captions.too_large");
    const said: string[] = [];
    while ((lines[at + 1] ?? "").trim() !== "" && !lines[at + 1]?.includes("-->")) said.push(lines[(at += 1)] ?? "");
    const cue = cueOf(line, said.join("\n"));
    if (cue) cues.push(cue);
  }
  if (timings === 0) throw new CaptionsRejected("captions.unreadable");
  return cues.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}

function cueOf(timing: string, said: string): Cue | undefined {
  const arrow = timing.indexOf("-->");
  const [end = "", ...settings] = timing
    .slice(arrow + 3)
    .trim()
    .split(/\s+/, settingsMax + 1);
  const [startMs, endMs] = [msOf(timing.slice(0, arrow).trim()), msOf(end)];
  const text = cleanText(said);
  if (startMs === undefined || endMs === undefined || endMs <= startMs || bare(text) === "") return undefined;
  return { startMs, endMs, settings: settings.filter((one) => setting.test(one)).join(" "), text };
}

function msOf(text: string): number | undefined {
  const [found, hours = "0", minutes = "", seconds = "", fraction = ""] = moment.exec(text) ?? [];
  if (found === undefined || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(fraction.padEnd(3, "0"));
  return ms <= momentMsMax ? ms : undefined;
}

const bare = (text: string): string => text.replaceAll(/<[^<>]*>/g, "").trim();
