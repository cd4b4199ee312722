import type { Cue } from "./cue.ts";
import { cleanText } from "./markup.ts";

/** The file names its sections in brackets; lines of captions name their fields by the line `Format` before them. */
const usualFields = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text";

/** True for a script of Advanced SubStation Alpha, or of its predecessor. Pure. */
export const isAss = (text: string): boolean => /^\ufeff?\s*\[Script Info\]/i.test(text);

/** A caption as it stands in a script, from whose text drawings and comments are gone. */
export interface AssLine extends Pick<Cue, "startMs" | "endMs"> {
  /** Counts from 1. */
  readonly line: number;
  /** WebVTT cue text. */
  readonly text: string;
}

/**
 * The captions of a script, the same text at the same time once: scripts show a line in several layers to give it an edge.
 * Pure, in time linear in the text.
 */
export function* assLines(lines: readonly string[]): Iterable<AssLine> {
  let fields = namesOf(usualFields);
  let isInEvents = false;
  const seen = new Set<string>();
  for (const [place, line] of lines.entries()) {
    const [, section] = /^\s*\[(.{1,60})\]\s*$/.exec(line) ?? [];
    if (section !== undefined) isInEvents = section.toLowerCase() === "events";
    if (!isInEvents) continue;
    const [, name, list = ""] = /^\s*(Format|Dialogue)\s*:(.*)$/i.exec(line) ?? [];
    if (name?.toLowerCase() === "format") fields = namesOf(list);
    if (name?.toLowerCase() !== "dialogue") continue;
    const values = list.split(",");
    const text = values.splice(fields.length - 1).join(",");
    const valueOf = (field: string): string => (values[fields.indexOf(field)] ?? "").trim();
    const cue = { startMs: msOf(valueOf("start")), endMs: msOf(valueOf("end")), text: cleanText(assText(text)) };
    const key = JSON.stringify(cue);
    if (seen.has(key)) continue;
    seen.add(key);
    yield { ...cue, line: place + 1 };
  }
}

const namesOf = (format: string): string[] => format.split(",").map((name) => name.trim().toLowerCase());

/** Not a number where the time cannot be read. */
function msOf(text: string): number {
  const [match, hours, minutes, seconds, hundredths = ""] =
    /^(\d{1,3}):(\d{1,2}):(\d{1,2})[.,:](\d{1,3})$/.exec(text) ?? [];
  if (match === undefined) return Number.NaN;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1_000 + Number(hundredths.padEnd(3, "0"));
}

const styles = new Set(["b", "i", "u"]);

/** The text of a line as markup: overrides become tags or go, drawings and comments go, `\N` and `\h` are characters. Pure. */
export function assText(text: string): string {
  let markup = "";
  let isDrawing = false;
  const open = new Set<string>();
  for (const piece of text.split(/(\{[^}]*\})/)) {
    if (!piece.startsWith("{") || !piece.endsWith("}")) {
      if (!isDrawing) markup += escapeMarkup(piece);
      continue;
    }
    for (const [, name = "", value = ""] of piece.matchAll(/\\(p|b|i|u|r)(\d{0,4})(?=[\\}])/g)) {
      if (name === "p") isDrawing = Number(value) > 0;
      const isOn = name !== "r" && Number(value) > 0;
      for (const style of name === "r" ? styles : styles.has(name) ? [name] : []) {
        if (isOn === open.has(style)) continue;
        markup += isOn ? `<${style}>` : `</${style}>`;
        if (isOn) open.add(style);
        else open.delete(style);
      }
    }
  }
  return markup;
}

/** In a script brackets and ampersands are characters to be read. */
const escapeMarkup = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/\\[Nn]/g, "\n")
    .replaceAll(String.raw`\h`, "\u00a0");
