import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CoVisits } from "./co-visits.ts";

const nowMs = Date.UTC(2026, 10, 20);
const dayMs = 86_400_000;

describe("co-visits", () => {
  it("go both ways, count less for users of many videos, and halve in three days", () => {
    const visits = new CoVisits(nowMs);
    visits.add(1, 10, 1, nowMs);
    visits.add(1, 20, 1, nowMs);
    visits.add(1, 30, 0.5, nowMs);
    const weight = (one: number, other: number, atMs = nowMs) => {
      const { weights, factor } = visits.of(one, atMs);
      return (weights.get(other) ?? 0) * factor;
    };
    assert.equal(weight(10, 20), 1 / Math.sqrt(2));
    assert.equal(weight(20, 10), weight(10, 20));
    assert.equal(weight(20, 30), 0.5 / Math.sqrt(3));
    assert.equal(weight(30, 20), weight(20, 30));
    assert.ok(Math.abs(weight(10, 20, nowMs + 3 * dayMs) - weight(10, 20) / 2) < 1e-12);
    assert.equal(weight(10, 10), 0);
    assert.equal(visits.of(99, nowMs).weights.size, 0);
  });

  it("keep the videos that go with one the most", () => {
    const visits = new CoVisits(nowMs);
    for (let other = 1; other <= 500; other++)
      for (let times = 0; times < (other <= 10 ? 5 : 1); times++) {
        const userId = other * 10 + times;
        visits.add(userId, 1_000, 1, nowMs);
        visits.add(userId, other, 1, nowMs);
      }
    const { weights } = visits.of(1_000, nowMs);
    assert.ok(weights.size < 100, `${weights.size}`);
    for (let other = 1; other <= 10; other++) assert.ok(weights.has(other), `${other}`);
  });
});
