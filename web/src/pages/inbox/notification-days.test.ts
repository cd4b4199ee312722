import assert from "node:assert/strict";
import { it } from "node:test";
import { notificationDay } from "./notification-days.ts";

it("groups by the days of the calendar, not by hours passed", () => {
  const now = new Date(2026, 2, 4, 0, 5);
  const of = (...[year, month, day, hour = 0]: number[]) =>
    notificationDay(new Date(year ?? 0, month ?? 0, day, hour), now);
  assert.equal(of(2026, 2, 4), "today");
  assert.equal(of(2026, 2, 3, 23), "yesterday");
  assert.equal(of(2026, 2, 2, 23), "week");
  assert.equal(of(2026, 1, 26), "week");
  assert.equal(of(2026, 1, 25, 23), "earlier");
});
