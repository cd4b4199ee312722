import { cueCharactersMax } from "./cue.ts";

/** WebVTT §4.2.2; `c` keeps the colours every player knows by itself. */
const keptTags = new Set(["b", "i", "u", "c", "v", "lang", "ruby", "rt"]);
/** Tags that other writers put into captions and no player shows; dropped with their brackets. */
const dropped = new Set(["font", "s", "p", "span"]);
const colour = /^(?:bg_)?(?:white|lime|cyan|red|yellow|magenta|blue|black)$/;
const languageTag = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/;
const tagCharactersMax = 200;
const depthMax = 8;
const nameCharactersMax = 80;

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  lrm: "\u200e",
  rlm: "\u200f",
};

interface Open {
  readonly name: string;
  /** Without its brackets. */
  readonly written: string;
}

/** Writes a caption's text anew: allowed tags balanced, every other bracket as a character to be read. Pure, linear. */
export function cleanText(raw: string): string {
  const text = raw
    .slice(0, cueCharactersMax)
    .toWellFormed()
    .replaceAll(/\{\\[^{}\n]{0,100}\}/g, "");
  let out = "";
  const open: Open[] = [];
  const close = (name: string): void => {
    const place = open.findLastIndex((tag) => tag.name === name);
    if (place < 0) return;
    for (const inner of open.splice(place).toReversed()) out += `</${inner.name}>`;
  };
  for (let at = 0; at < text.length; ) {
    const bracket = text.indexOf("<", at);
    out += escapeText(text.slice(at, bracket < 0 ? undefined : bracket));
    if (bracket < 0) break;
    const afterBracket = text.slice(bracket + 1, bracket + tagCharactersMax);
    const tag = tagOf(afterBracket, open);
    if (tag === undefined) out += "&lt;";
    else if (tag.kind === "open") {
      open.push(tag);
      out += `<${tag.written}>`;
    } else if (tag.kind === "close") close(tag.name);
    at = bracket + 1 + (tag?.length ?? 0);
  }
  for (const { name } of open.toReversed()) out += `</${name}>`;
  return out
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== "")
    .join("\n");
}

type Tag = { readonly length: number } & (
  | ({ readonly kind: "open" } & Open)
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "nothing" }
);

/** The tag behind a `<`; undefined for text. */
function tagOf(text: string, open: readonly Open[]): Tag | undefined {
  const end = text.indexOf(">");
  if (end < 0) return undefined;
  const inside = text.slice(0, end);
  const length = end + 1;
  const [, slash = "", letters = "", classes = "", , annotation = ""] =
    /^(\/?)([A-Za-z]{1,8})((?:\.[\w-]{1,40}){0,8})(\s([^<>]*))?$/.exec(inside) ?? [];
  const name = letters.toLowerCase();
  if (dropped.has(name)) return { kind: "nothing", length };
  if (!keptTags.has(name)) return /^\d\d[\d:.]{6,10}$/.test(inside) ? { kind: "nothing", length } : undefined;
  if (slash !== "") return { kind: "close", name, length };
  const isOut = open.length >= depthMax || (name === "rt" && open.at(-1)?.name !== "ruby");
  const written = isOut ? undefined : writtenTag(name, classes, annotation);
  return written === undefined ? { kind: "nothing", length } : { kind: "open", name, written, length };
}

function writtenTag(name: string, classes: string, annotation: string): string | undefined {
  const colours = classes.split(".").filter((part) => colour.test(part));
  const named = [name, ...colours].join(".");
  if (name === "v") {
    const who = escapeText(annotation.replaceAll(/\s+/g, " ").trim().slice(0, nameCharactersMax));
    return who === "" ? undefined : `${named} ${who}`;
  }
  if (name === "lang") return languageTag.test(annotation.trim()) ? `lang ${annotation.trim()}` : undefined;
  return named;
}

/** Characters as cue text writes them, whether they came plain or as entities. */
const escapeText = (text: string): string =>
  text
    .replaceAll(/&(#\d{1,7}|#x[\da-fA-F]{1,6}|[a-z]{2,5});/g, (whole, name: string) => decodeEntity(name) ?? whole)
    .replaceAll(/[^\P{Cc}\n\t]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

function decodeEntity(name: string): string | undefined {
  if (!name.startsWith("#")) return Object.hasOwn(entities, name) ? entities[name] : undefined;
  const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  // Control characters, halves of pairs and what lies beyond Unicode are no text.
  if (code < 32 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return "";
  return String.fromCodePoint(code);
}
