import { formatShortDay } from "./format.ts";

const dayMs = 86_400_000;
/** The day of the viewer's calendar, as a number that counts them. */
const dayOf = (instantMs: number): number => {
  const at = new Date(instantMs);
  return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / dayMs;
};

/** True if both are of one day of the viewer's calendar. Pure but for the time zone. */
export const isSameDay = (oneMs: number, otherMs: number): boolean => dayOf(oneMs) === dayOf(otherMs);

/** How many days of the viewer's calendar ago it was: 0 for today. Pure but for the time zone. */
export const daysAgo = (instantMs: number, nowMs: number): number => dayOf(nowMs) - dayOf(instantMs);

/** A day over what happened in it: `Today`, `Yesterday`, `19 Nov`. */
export function formatDayHeading(instantMs: number, nowMs: number, language: string): string {
  const days = daysAgo(instantMs, nowMs);
  if (days > 1) return formatShortDay(instantMs, nowMs, language);
  const text = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-Math.max(0, days), "day");
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}
