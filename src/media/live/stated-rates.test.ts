import assert from "node:assert/strict";
import { test } from "node:test";
import { declaredRates, pictureRates, soundRates } from "./stated-rates.ts";

const size = { width: 1_280, height: 720 };

test("pictures state what their publisher declares, and half as much more for their peaks", () => {
  const declared = declaredRates({ videoBitrateKbps: 2_500, frameRate: 25 });
  assert.deepEqual(pictureRates(size, declared, 25.4), {
    peakBps: 3_766_000,
    averageBps: 2_516_000,
    framesPerSecond: 25,
  });
});

test("pictures of a publisher that declares nothing state what motion of their size needs, also behind a still", () => {
  const still = pictureRates(size, declaredRates({}), 1);
  assert.deepEqual([still.framesPerSecond, still.averageBps > 2_500_000, still.peakBps > 4_000_000], [30, true, true]);
  assert.equal(pictureRates(size, {}, 60).framesPerSecond, 60);
  assert.ok(pictureRates(size, {}, 60).peakBps > still.peakBps * 1.9);
});

test("rates that no publisher can mean are not stated", () => {
  for (const nonsense of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e9])
    assert.deepEqual(
      declaredRates({ videoBitrateKbps: nonsense, audioBitrateKbps: nonsense, frameRate: nonsense }),
      declaredRates({}),
    );
});

test("sound states more than nothing", () => {
  assert.deepEqual(soundRates({ channels: 2 }, {}), { peakBps: 176_000, averageBps: 144_000, framesPerSecond: 0 });
  assert.equal(soundRates({ channels: 2 }, { audioBps: 320_000 }).averageBps, 336_000);
});
