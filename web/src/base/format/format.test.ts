import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatAgo, formatCount, formatDuration, formatLength, formatRemaining, formatSize } from "./format.ts";

describe("the formatting of values", () => {
  it("abbreviates counts by the conventions of English and Chinese", () => {
    assert.equal(formatCount(999, "en"), "999");
    assert.equal(formatCount(1234, "en"), "1.2K");
    assert.equal(formatCount(12_345, "zh-CN"), "1.2万");
  });

  it("writes durations with hours only from one hour, and 0:00 for non-finite values", () => {
    assert.equal(formatDuration(7.9), "0:07");
    assert.equal(formatDuration(725), "12:05");
    assert.equal(formatDuration(3723), "1:02:03");
    assert.equal(formatLength(23.98), "0:24");
    assert.equal(formatDuration(Number.NaN), "0:00");
    assert.equal(formatDuration(Number.POSITIVE_INFINITY), "0:00");
  });

  it("writes sizes in decimal units, and 1 MB instead of 1000 kB", () => {
    assert.equal(formatSize(0, "en"), "0 B");
    assert.equal(formatSize(999_600, "en"), "1 MB");
    assert.equal(formatSize(3_449_000, "en"), "3.4 MB");
    assert.equal(formatSize(512_000_000, "en"), "512 MB");
    assert.equal(formatSize(1_250_000_000, "en"), "1.3 GB");
  });

  it("writes how long ago something was, and `now` for less than a minute or for the future", () => {
    const nowMs = Date.UTC(2026, 5, 1);
    assert.equal(formatAgo(nowMs - 30_000, nowMs, "en"), "now");
    assert.equal(formatAgo(nowMs + 90_000, nowMs, "en"), "now");
    assert.equal(formatAgo(nowMs - 180_000, nowMs, "en"), "3 minutes ago");
    assert.equal(formatAgo(nowMs - 180_000, nowMs, "zh-CN"), "3分钟前");
    assert.equal(formatAgo(nowMs - 26 * 3_600_000, nowMs, "en"), "yesterday");
  });

  it("rounds the remaining time up", () => {
    assert.equal(formatRemaining(0.2, "en"), "1 sec");
    assert.equal(formatRemaining(61, "en"), "2 min");
    assert.equal(formatRemaining(3601, "en"), "2 hr");
  });
});
