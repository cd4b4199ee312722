import assert from "node:assert/strict";
import { it } from "node:test";
import { formatDayHeading, isSameDay } from "./day-heading.ts";

it("names days by the calendar, not by hours passed", () => {
  const now = new Date(2026, 2, 4, 0, 5).getTime();
  const of = (date: Date, language = "en") => formatDayHeading(date.getTime(), now, language);
  assert.equal(of(new Date(2026, 2, 4)), "Today");
  assert.equal(of(new Date(2026, 2, 3, 23, 59)), "Yesterday");
  assert.equal(of(new Date(2026, 2, 3), "zh-CN"), "昨天");
  assert.equal(of(new Date(2026, 2, 2, 23)), "Mar 2");
  assert.equal(of(new Date(2025, 11, 31)), "Dec 31, 2025");
  assert.ok(isSameDay(now, new Date(2026, 2, 4, 23).getTime()));
  assert.ok(!isSameDay(now, new Date(2026, 2, 3, 23, 59).getTime()));
});

it("shows a clock that is ahead as today", () => {
  const now = new Date(2026, 2, 4, 23, 59).getTime();
  assert.equal(formatDayHeading(now + 120_000, now, "en"), "Today");
});
