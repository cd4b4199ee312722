import assert from "node:assert/strict";
import { it } from "node:test";
import { schedule } from "./schedule.ts";

const { signal } = new AbortController();

it("starts the longest item first and keeps all lanes busy", async () => {
  const began: number[] = [];
  let busy = 0;
  let busyMax = 0;
  const work = async (item: number) => {
    began.push(item);
    busyMax = Math.max(busyMax, ++busy);
    await new Promise((resolve) => setImmediate(resolve));
    busy -= 1;
  };
  assert.deepEqual(await schedule([1, 5, 3, 4, 2], 2, (item) => item, work, signal), []);
  assert.deepEqual(began, [5, 4, 3, 2, 1]);
  assert.equal(busyMax, 2);
});

it("returns the waiting items when the run is aborted", async () => {
  const run = new AbortController();
  const work = async (item: number) => {
    if (item === 4) run.abort();
  };
  assert.deepEqual(await schedule([1, 2, 3, 4, 5], 1, (item) => item, work, run.signal), [3, 2, 1]);
});
