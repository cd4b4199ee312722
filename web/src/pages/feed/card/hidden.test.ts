import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Video } from "#base/api/types.ts";
import { hides, tagToHide } from "./hidden.ts";

describe("what a viewer hides at a video", () => {
  const at = video(1, 10, ["Trains"]);

  it("is that video alone, or all videos of its author", () => {
    const all = [at, video(2, 10, []), video(3, 11, [])];
    assert.deepEqual(all.filter(hides({ scope: "video" }, at)).map(idOf), [1]);
    assert.deepEqual(all.filter(hides({ scope: "author" }, at)).map(idOf), [1, 2]);
  });

  it("is every video with the tag or hashtag, in any case and width", () => {
    const all = [at, video(2, 11, ["food"], ["ｔｒａｉｎｓ"]), video(3, 12, ["trainspotting"])];
    assert.deepEqual(all.filter(hides({ scope: "tag", tag: "trains" }, at)).map(idOf), [1, 2]);
  });
});

describe("the tag to offer less of", () => {
  it("is the one of the reason, else the first hashtag, else the first tag", () => {
    assert.equal(tagToHide({ tag: "night", hashtags: ["trains"], tags: ["steam"] }), "night");
    assert.equal(tagToHide({ tag: null, hashtags: ["trains"], tags: ["steam"] }), "trains");
    assert.equal(tagToHide({ tag: null, hashtags: [], tags: ["steam"] }), "steam");
    assert.equal(tagToHide({ tag: null, hashtags: [], tags: [] }), undefined);
  });
});

const idOf = ({ id }: { readonly id: number }) => id;

function video(id: number, userId: number, hashtags: string[], tags: string[] = []) {
  // Only the number of the author is looked at.
  return { id, user: { id: userId } as Video["user"], hashtags, tags };
}
