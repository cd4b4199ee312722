/** Twelve hours and a little: the longest a video may be. */
const momentMsMax = 13 * 3_600_000;
const moment = String.raw`(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:\s{0,3}[.,:]\s{0,3}(\d{1,3}))?`;
const arrow = String.raw`\s{0,8}(?:-{1,3}|=|[–—])>\s{0,8}`;
const timing = new RegExp(String.raw`^\s{0,8}${moment}${arrow}${moment}(?=\s|$)(.*)$`);
/** The beginning of a line that is meant as a time. */
const attempt = /^\s{0,8}\d.{0,60}?(?:->|=>|[–—]>)/;

/** When a caption is shown. `settings` are written behind it. */
export interface Timing {
  readonly startMs: number;
  readonly endMs: number;
  readonly settings: string;
}

/**
 * The times of a line as writers of captions have them: with or without hours and milliseconds, `:`, `,` or `.` before
 * these, blanks around them, arrows of any length. `unreadable` where a line begins as one and has no such time; undefined
 * for a line of text. Pure.
 */
export function timingOf(line: string): Timing | "unreadable" | undefined {
  const match = timing.exec(line);
  if (!match) return attempt.test(line) ? "unreadable" : undefined;
  const [startMs, endMs] = [msOf(match.slice(1, 5)), msOf(match.slice(5, 9))];
  if (startMs === undefined || endMs === undefined) return "unreadable";
  return { startMs, endMs, settings: (match[9] ?? "").trim() };
}

function msOf([hours = "0", minutes = "", seconds = "", fraction = ""]: readonly (string | undefined)[]):
  | number
  | undefined {
  if (Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(fraction.padEnd(3, "0"));
  return ms <= momentMsMax ? ms : undefined;
}
