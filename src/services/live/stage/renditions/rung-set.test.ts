import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { LiveEvent } from "#media/live/events";
import { Packager } from "#media/live/packager";
import { pictureFormat, steadyFrames } from "#media/live/testing";
import { RungBudget, RungSet } from "./rung-set.ts";

describe("the encoders that a process has places for", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("leave the place of one that was given up to another stream, once", async () => {
    const budget = new RungBudget(1);
    const failing = setOf(budget);
    for (const event of eventsOf(2)) failing.follow(event);
    assert.equal(budget.take(), false);
    assert.equal(await stateAfterAll(failing), "given_up");
    for (const event of eventsOf(4).filter(({ kind }) => kind === "opened")) failing.follow(event);
    assert.equal(budget.take(), true);
    failing.end();
    assert.equal(budget.take(), false, "the other stream keeps its place");
  });

  it("are one more for the only picture that browsers play, unless there are none", () => {
    const budget = new RungBudget(1);
    assert.deepEqual([budget.take(), budget.take(), budget.take(true), budget.take(true)], [true, false, true, false]);
    assert.equal(new RungBudget(0).take(true), false);
  });

  it("are tried again for the pictures of an encoder that came back with other settings", async () => {
    const budget = new RungBudget(1);
    let starts = 0;
    const failing = setOf(budget, () => starts++);
    for (const event of eventsOf(2)) failing.follow(event);
    assert.equal(await stateAfterAll(failing), "given_up");
    const before = starts;
    for (const event of eventsOf(2)) failing.follow(event);
    assert.deepEqual([starts - before, budget.take()], [1, false]);
    failing.end();
    assert.equal(budget.take(), true);
  });
});

const setOf = (budget: RungBudget, onStart = () => undefined as unknown) =>
  new RungSet({
    budget,
    emit: () => undefined,
    start() {
      onStart();
      return Promise.reject(new Error("there is no FFmpeg"));
    },
    endGroup: () => undefined,
    monotonicMs: () => 0,
    failed: () => undefined,
  });

/** The packager's events for a stream with one rung below its pictures. */
function eventsOf(seconds: number): LiveEvent[] {
  const events: LiveEvent[] = [];
  const packager = new Packager({ originMs: 0, emit: (event) => events.push(event) });
  packager.format({ ...pictureFormat, width: 640, height: 360 });
  for (const frame of steadyFrames({ seconds })) if (frame.kind === "video") packager.frame(frame, frame.dts / 90);
  return events;
}

/** The state once all attempts have failed. */
async function stateAfterAll(set: RungSet): Promise<string | undefined> {
  for (let attempt = 0; attempt < 10; attempt++) {
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(20_000);
  }
  const [only, ...others] = set.states;
  assert.deepEqual(others, []);
  return only?.state;
}
