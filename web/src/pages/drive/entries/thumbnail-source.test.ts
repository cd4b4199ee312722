import assert from "node:assert/strict";
import { it } from "node:test";
import { thumbnailSourceOf } from "./thumbnail-source.ts";

it("thumbnails are made of videos and large pictures; huge pictures and other files have an icon", () => {
  const picture = (size: number) => thumbnailSourceOf({ kind: "image", mime: "image/jpeg", name: "a.jpg", size });
  assert.deepEqual([picture(2 * 2 ** 20), picture(2 * 2 ** 20 + 1), picture(16 * 2 ** 20)], ["own", "made", "made"]);
  assert.equal(picture(16 * 2 ** 20 + 1), null);
  assert.equal(thumbnailSourceOf({ kind: "video", mime: "video/mp4", name: "a.mp4", size: 9e9 }), "made");
  for (const kind of ["audio", "other", "folder"] as const)
    assert.equal(thumbnailSourceOf({ kind, mime: "text/plain", name: "a.txt", size: 1 }), null, kind);
});
