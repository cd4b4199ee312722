import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { filterQuery, isNarrowed, lengths } from "./video-filter.ts";

describe("the filter of videos", () => {
  it("gives each duration to exactly one length", () => {
    const lengthsOf = (seconds: number) =>
      lengths.filter((length) => {
        const { min_duration: min = 0, max_duration: max = Number.POSITIVE_INFINITY } = filterQuery({ length });
        return seconds >= min && seconds <= max;
      });
    assert.deepEqual([0, 239.999, 240, 1_200, 1_200.001, 9_000].map(lengthsOf), [
      ["short"],
      ["short"],
      ["medium"],
      ["medium"],
      ["long"],
      ["long"],
    ]);
  });

  it("sends what is chosen only, and an order leaves nothing out", () => {
    assert.deepEqual(filterQuery({}), {});
    assert.deepEqual(filterQuery({ period: "week", length: "short", shape: "upright", sort: "new" }), {
      period: "week",
      max_duration: 239.999,
      shape: "upright",
      sort: "new",
    });
    assert.equal(isNarrowed({ sort: "hot" }), false);
    assert.equal(isNarrowed({ length: "long" }), true);
  });
});
