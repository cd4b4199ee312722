import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { trainingSetOf } from "./training-set.ts";

describe("what a model is trained from", () => {
  it("has no video that fewer than three users watched, and no history of a single one", () => {
    const { histories, videoIds } = trainingSetOf([
      [70, 50, 60],
      [60, 50],
      [50, 60, 80],
      [80, 70],
    ]);
    const watched = histories.map((history) => history.map((place) => videoIds[place]));
    assert.deepEqual(watched, [
      [50, 60],
      [60, 50],
      [50, 60],
    ]);
    assert.deepEqual([...videoIds], [50, 60]);
    assert.deepEqual(trainingSetOf([]), { histories: [], videoIds: new Float64Array() });
  });
});
