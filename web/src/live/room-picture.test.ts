import assert from "node:assert/strict";
import { it } from "node:test";
import { coverOf } from "./room-picture.ts";

it("the picture of a live room is one of this instance", () => {
  assert.equal(coverOf({ cover: "/media/7/cover.webp" }), "/media/7/cover.webp");
  for (const cover of ["", "https://elsewhere.example/a.png", "//elsewhere.example/a.png"])
    assert.equal(coverOf({ cover }), "", cover);
});
