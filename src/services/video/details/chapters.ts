import { firstCharacters } from "#kernel/text";
import { z } from "zod";
import { Chapter } from "../contract.ts";
import type { Row } from "../store.ts";

/** The usual rules of video sites: three at least, the first at 0:00, none shorter than ten seconds. */
const chaptersMin = 3;
const lengthMinMs = 10_000;
const titleMax = 100;
/** A line that begins with a time, as `1:02:03`, `12:03` or `(0:00)`; each part of it is bounded. */
const startTime = /^[[(]?(?:(\d{1,2}):(?=\d\d:\d\d))?(\d{1,3}):(\d\d)(?!\d|:)[\])]?/;
const separators = new Set(" \t-–—:|.•·、，：)]");

/**
 * The chapters of a description: its lines that begin with a time. All of them form a valid list, or there are none.
 * Chapters after the end of the film are left out, as the film may have been replaced; `durationMs` is 0 while it is
 * unknown. Pure, linear in the text.
 */
export function chaptersOf(description: string, durationMs: number): Chapter[] {
  // A time has a colon, and a list of three has as many lines.
  if (!description.includes(":") || !description.includes("\n")) return [];
  const chapters = description.split("\n").flatMap((line) => {
    const text = line.trim();
    // The time is within the first few characters, however long the line is.
    const [whole = "", hours = "0", minutes = "0", seconds = "0"] = startTime.exec(text.slice(0, 16)) ?? [];
    const title = firstCharacters(withoutSeparators(text.slice(whole.length)), titleMax).trim();
    const isTime = whole !== "" && Number(seconds) < 60 && (hours === "0" || Number(minutes) < 60);
    const startMs = 1_000 * (3_600 * Number(hours) + 60 * Number(minutes) + Number(seconds));
    return isTime && title !== "" ? [{ startMs, title }] : [];
  });
  const isSpaced = chapters.every(
    ({ startMs }, n) => startMs === 0 || startMs - (chapters[n - 1]?.startMs ?? startMs) >= lengthMinMs,
  );
  const isList = chapters[0]?.startMs === 0 && chapters.filter(({ startMs }) => startMs === 0).length === 1 && isSpaced;
  const within = chapters.filter(({ startMs }) => durationMs === 0 || startMs < durationMs);
  return isList && within.length >= chaptersMin ? within : [];
}

/** The chapters of a video: those of its description, otherwise those inside its file. */
export function chaptersOfVideo({
  description,
  durationMs,
  fileChapters,
}: Pick<Row, "description" | "durationMs" | "fileChapters">): Chapter[] {
  const described = chaptersOf(description, durationMs);
  return described.length > 0 || fileChapters === null ? described : fileChaptersOf(fileChapters);
}

/** `chaptersJson` wrote it. */
const fileChaptersOf = (json: string): Chapter[] => z.array(Chapter).parse(JSON.parse(json));

/** Chapters as the local copy of a media object has them: null for none. Pure. */
export const chaptersJson = (chapters: readonly Chapter[]): string | null =>
  chapters.length === 0 ? null : JSON.stringify(chapters);

function withoutSeparators(text: string): string {
  let from = 0;
  while (separators.has(text.charAt(from)) && from < text.length) from += 1;
  return text.slice(from);
}
