import assert from "node:assert/strict";
import { test } from "node:test";
import { Standstill } from "./standstill.ts";

test("a player whose playlists come and that asks for no fragment is at a standstill, once", () => {
  const standstill = new Standstill(0);
  for (let nowMs = 0; nowMs <= 6_000; nowMs += 250) {
    standstill.playlistCame(nowMs);
    assert.equal(standstill.isReached(0, nowMs), false);
  }
  standstill.playlistCame(6_250);
  assert.equal(standstill.isReached(0, 6_250), true);
  assert.equal(standstill.isReached(0, 6_500), false);
  standstill.playlistCame(12_500);
  assert.equal(standstill.isReached(0, 12_500), true);
});

test("a player that loads a fragment over a slow line has longer", () => {
  const standstill = new Standstill(0);
  standstill.fragmentAsked(1_000);
  standstill.playlistCame(30_000);
  assert.equal(standstill.isReached(0, 31_000), false);
  assert.equal(standstill.isReached(0, 31_001), true);
  standstill.fragmentAsked(32_000);
  standstill.fragmentCame(33_000);
  standstill.playlistCame(39_001);
  assert.equal(standstill.isReached(0, 39_000), false);
  assert.equal(standstill.isReached(0, 39_001), true);
});

test("a player with pictures ahead, and one of a stream that does not go on, wait rightly", () => {
  const standstill = new Standstill(0);
  standstill.playlistCame(20_000);
  assert.equal(standstill.isReached(1.5, 20_000), false);
  assert.equal(standstill.isReached(0, 24_001), false);
});
