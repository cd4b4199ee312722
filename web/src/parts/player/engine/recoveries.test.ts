import assert from "node:assert/strict";
import { test } from "node:test";
import { Recoveries } from "./recoveries.ts";

test("recovery is attempted three times at one position", () => {
  const recoveries = new Recoveries();
  const attempts = [0, 1, 2, 3, 3].map((timeS) => recoveries.next(timeS));
  assert.deepEqual(attempts, [1, 2, 3, undefined, undefined]);
});

test("recovery is attempted at every error while playback advances", () => {
  const recoveries = new Recoveries();
  const attempts = [5, 10, 15, 20, 25, 30, 35].map((timeS) => recoveries.next(timeS));
  assert.deepEqual(attempts, [1, 2, 3, 1, 2, 3, 1]);
});

test("a position that the viewer seeks to has attempts of its own", () => {
  const recoveries = new Recoveries();
  for (let n = 0; n < 4; n++) recoveries.next(600);
  assert.equal(recoveries.next(60), 1);
});
