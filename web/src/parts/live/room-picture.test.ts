import assert from "node:assert/strict";
import { it } from "node:test";
import { coverOf } from "./room-picture.ts";

it("the picture of a live room is one of this instance", () => {
  assert.equal(coverOf({ cover: "/media/7/cover.webp", picture_url: "/newest.jpg" }), "/media/7/cover.webp");
  for (const cover of ["", "https://elsewhere.example/a.png", "//elsewhere.example/a.png"])
    assert.equal(coverOf({ cover, picture_url: null }), "", cover);
});

it("the picture of a live room whose host gave none is that of its stream", () => {
  assert.equal(coverOf({ cover: "", picture_url: "https://kinora.test/api/p.jpg?at=7" }), "/api/p.jpg?at=7");
});
