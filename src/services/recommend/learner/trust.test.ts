import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { idGenerator } from "#kernel/ids/id";
import { valueOf } from "#policy/hot-score";
import { activityOf, publicationWeight } from "../activity.ts";
import { listedMs, trustOf } from "./trust.ts";

const nowMs = Date.UTC(2026, 10, 20);
/** The id of an account that was made then. */
const accountOf = (atMs: number): number => idGenerator(() => atMs).next();
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
/** The trust in an account of an age, on a site of another. */
const trusted = (ageMs: number, siteMs: number, leastMs?: number) =>
  trustOf(accountOf(nowMs - ageMs), { nowMs, siteSinceMs: nowMs - siteMs, ...(leastMs !== undefined && { leastMs }) });

describe("the trust in an account", () => {
  it("grows with its age, for three days or half the age of a younger site", () => {
    assert.equal(trusted(0, 30 * day), 0);
    assert.ok(Math.abs(trusted(day, 30 * day) - 1 / 3) < 0.001);
    assert.equal(trusted(3 * day, 30 * day), 1);
    assert.ok(Math.abs(trusted(hour, 4 * hour) - 0.5) < 0.001);
    assert.equal(trusted(2 * hour, 4 * hour), 1);
  });

  it("asks for a day in lists that are the same for everybody, however young the site is", () => {
    assert.ok(trusted(hour, 2 * hour, listedMs) < 0.05);
    assert.equal(trusted(3 * day, 30 * day, listedMs), 1);
    assert.equal(trusted(day, hour, listedMs), 1);
  });

  it("lets twenty new accounts lift a video of a young site by less than a publication does", () => {
    const accounts = Array.from({ length: 20 }, (_, n) => ({ videoId: 1, userId: accountOf(nowMs - 10 * minute) + n }));
    const trust = (userId: number) => trustOf(userId, { nowMs, siteSinceMs: nowMs - hour, leastMs: listedMs });
    const counted = [{ videoId: 1, userId: 9, likeCount: 0, likePeak: 0 }];
    const sum = (["view", "like", "share"] as const)
      .flatMap((kind) => activityOf(kind, accounts, counted, { nowMs, trust }))
      .reduce((all, { hotScore }) => all + valueOf(hotScore, nowMs), 0);
    assert.ok(sum < publicationWeight, `${sum}`);
  });
});
