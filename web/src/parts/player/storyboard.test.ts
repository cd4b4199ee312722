import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tileAt, tilesIn } from "./storyboard.ts";

const text = `WEBVTT

00:00:00.000 --> 00:00:02.000
g1/storyboard-1.jpg?token=v.1#xywh=0,0,160,90

00:00:02.000 --> 00:00:04.000
g1/storyboard-1.jpg?token=v.1#xywh=160,0,160,90

01:00:00.500 --> 01:00:02.000
g1/storyboard-2.jpg?token=v.1#xywh=0,90,160,90
`;

describe("a storyboard", () => {
  const tiles = tilesIn(text, "/api/v1/streaming/7/storyboard.vtt?token=v.1");

  it("lists each tile with its start time, image URL and area", () => {
    const url = "/api/v1/streaming/7/g1/storyboard-1.jpg?token=v.1";
    assert.deepEqual(tiles.slice(0, 2), [
      { fromS: 0, url, x: 0, y: 0, width: 160, height: 90 },
      { fromS: 2, url, x: 160, y: 0, width: 160, height: 90 },
    ]);
    assert.deepEqual([tiles[2]?.fromS, tiles[2]?.y], [3_600.5, 90]);
  });

  it("returns the latest started tile for a position, and null when it has no tiles", () => {
    assert.deepEqual(
      [-1, 0, 1.9, 2, 3_599, 9_999].map((at) => tileAt(tiles, at)?.fromS),
      [0, 0, 0, 2, 2, 3_600.5],
    );
    assert.equal(tileAt([], 3), null);
    assert.deepEqual(tilesIn("<!doctype html>", "/x"), []);
  });
});
