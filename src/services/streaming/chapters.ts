import { writeWebVtt } from "#media/captions/write";
import type { Chapter } from "#services/video/contract";

/** Chapters as players of other people read them: a cue each, without a gap (WebVTT §1.4). Pure. */
export const chaptersVtt = (chapters: readonly Chapter[], durationMs: number): string =>
  writeWebVtt(
    chapters.map(({ startMs, title }, place) => ({
      startMs,
      endMs: chapters[place + 1]?.startMs ?? Math.max(durationMs, startMs + 1),
      settings: "",
      text: title.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    })),
  );
