import { titleOf } from "../language.ts";

/** A chapter as FFmpeg describes it: its start in seconds, on the file's timeline. */
export interface ChapterFacts {
  readonly startSeconds: number;
  readonly title?: string | undefined;
}

export interface Chapter {
  readonly startMs: number;
  /** One line, at most 60 characters. */
  readonly title: string;
}

export const chaptersMax = 100;
const lengthMsMin = 1_000;

/**
 * The chapters of a file, in order, from the start of its film on. A chapter without a title has its number. Chapters
 * that begin outside of the film or less than a second after another one are left out; a single one is none. Pure.
 */
export function chaptersOf(
  facts: readonly ChapterFacts[],
  film: { readonly startSeconds: number; readonly durationMs: number },
): Chapter[] {
  const all = facts
    .map(({ startSeconds, title }, n) => ({
      startMs: Math.round((startSeconds - film.startSeconds) * 1_000),
      title: titleOf(title?.split("\n")[0]) ?? String(n + 1),
    }))
    .filter(({ startMs }) => startMs > -lengthMsMin && startMs < film.durationMs)
    .toSorted((a, b) => a.startMs - b.startMs);
  const chapters: Chapter[] = [];
  for (const { startMs, title } of all) {
    const before = chapters.at(-1);
    if (before !== undefined && startMs - before.startMs < lengthMsMin) continue;
    // The first one often begins with a frame that is not the first.
    chapters.push({ startMs: before === undefined && startMs < lengthMsMin ? 0 : startMs, title });
    if (chapters.length === chaptersMax) break;
  }
  return chapters.length > 1 ? chapters : [];
}
