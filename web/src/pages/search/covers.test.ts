import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { coversOf } from "./covers.ts";

describe("the covers of trending hashtags", () => {
  it("are different ones where hashtags share videos", () => {
    const lists = [[1, 2, 3], [1, 2], [1]];
    assert.deepEqual(shown(lists), [3, 2, 1]);
    assert.deepEqual(shown(lists.toReversed()), [1, 2, 3]);
  });

  it("repeat one only where a hashtag has no other", () => {
    assert.deepEqual(shown([[1, 5], [1], [1]]), [5, 1, 1]);
  });

  it("are left out where a hashtag has none", () => {
    assert.deepEqual(shown([[], [7]]), [undefined, 7]);
  });
});

const shown = (lists: number[][]) =>
  coversOf(lists.map((ids) => ({ covers: ids.map((video_id) => ({ video_id })) }))).map((cover) => cover?.video_id);
