import type { ModerationCase } from "#base/api/types.ts";

const clock = /(?:^|[^\d:])(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)(?![\d:])/;

/**
 * The second of the video that a case is about: that of a timed comment, or the first one that a comment names, such as
 * `1:05`. Null where it is about none. Pure.
 */
export function momentOf({
  kind,
  excerpt,
  position,
}: Pick<ModerationCase, "kind" | "excerpt" | "position">): number | null {
  if (position !== null) return position;
  const match = kind === "comment" ? clock.exec(excerpt) : null;
  if (match === null) return null;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1, 4).map((part) => Number(part ?? 0));
  return hours * 3_600 + minutes * 60 + seconds;
}
