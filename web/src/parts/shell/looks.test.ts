import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { authorsLookedAt, isNew, withLook } from "./looks.ts";

const nowMs = Date.UTC(2026, 10, 20);
const dayMs = 86_400_000;
const ago = (ms: number) => new Date(nowMs - ms).toISOString();

describe("a followed account", () => {
  it("has something new since it was last looked at", () => {
    assert.equal(isNew(ago(dayMs), nowMs - 2 * dayMs, nowMs), true);
    assert.equal(isNew(ago(2 * dayMs), nowMs - dayMs, nowMs), false);
    assert.equal(isNew(null, 0, nowMs), false);
  });

  it("that was never looked at has something new for a week", () => {
    assert.equal(isNew(ago(6 * dayMs), undefined, nowMs), true);
    assert.equal(isNew(ago(8 * dayMs), undefined, nowMs), false);
  });

  it("is looked at on its profile, with one of its videos, and in the feed of all of them", () => {
    const authors = [author(1, "Mira"), author(2, "noor")];
    assert.deepEqual(authorsLookedAt("/@mira", authors, undefined), [1]);
    assert.deepEqual(authorsLookedAt("/watch/9", authors, 2), [2]);
    assert.deepEqual(authorsLookedAt("/following", authors, undefined), [1, 2]);
    assert.deepEqual(authorsLookedAt("/explore", authors, undefined), []);
    assert.deepEqual(authorsLookedAt("/@tess", authors, 7), []);
  });

  it("is remembered unless 200 others were looked at since", () => {
    let looks = withLook({}, [1], nowMs);
    for (let n = 2; n <= 200; n++) looks = withLook(looks, [n], nowMs + n);
    assert.equal(looks[1], nowMs);
    looks = withLook(looks, [2], nowMs + 1_000);
    looks = withLook(looks, [201], nowMs + 1_001);
    assert.deepEqual([looks[1], looks[2], looks[201]], [undefined, nowMs + 1_000, nowMs + 1_001]);
  });
});

const author = (id: number, username: string) => ({
  user: { id, username, nickname: "", avatar: "", is_followed: true },
});
