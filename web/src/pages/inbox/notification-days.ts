import { daysAgo } from "#base/format/day-heading.ts";

export const notificationDays = ["today", "yesterday", "week", "earlier"] as const;

/** Under which heading a notification stands, by the calendar of the viewer: a week is the last seven days. Pure. */
export function notificationDay(createdAt: Date, now: Date): (typeof notificationDays)[number] {
  const days = daysAgo(createdAt.getTime(), now.getTime());
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  return days <= 6 ? "week" : "earlier";
}
