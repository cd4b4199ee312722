import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sheetsOf, storyboardOf, storyboardVtt } from "./storyboard.ts";

test("a storyboard names the sheet and the tile for each interval", () => {
  const board = storyboardOf(27_400, { width: 1280, height: 720 });
  const lines = storyboardVtt(board, 27_400, (sheet) => `s-${sheet}.jpg`).split("\n\n");
  assert.equal(lines.length, 29);
  assert.equal(lines[0], "WEBVTT");
  assert.equal(lines[1], "00:00:00.000 --> 00:00:01.000\ns-1.jpg#xywh=0,0,160,90");
  assert.equal(lines[7], "00:00:06.000 --> 00:00:07.000\ns-1.jpg#xywh=160,90,160,90");
  assert.equal(lines[26], "00:00:25.000 --> 00:00:26.000\ns-2.jpg#xywh=0,0,160,90");
  assert.equal(lines[28], "00:00:27.000 --> 00:00:27.400\ns-2.jpg#xywh=320,0,160,90\n");
});

test("a storyboard has a bounded number and size of tiles of the film's shape, and covers the whole film", () => {
  const side = fc.integer({ min: 2, max: 16_384 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 43_200_000 }), side, side, (durationMs, width, height) => {
      const board = storyboardOf(durationMs, { width, height });
      assert.ok(board.count >= 1 && board.count <= 400 && sheetsOf(board) <= 16);
      assert.ok(board.count * board.intervalMs >= durationMs);
      assert.ok(Math.max(board.tileWidth, board.tileHeight) <= 160);
      assert.ok(board.tileWidth % 2 === 0 && board.tileHeight % 2 === 0);
      // To the next even side, of two pixels at least.
      const [long, short] = [Math.max(board.tileWidth, board.tileHeight), Math.min(board.tileWidth, board.tileHeight)];
      const exact = (long * Math.min(width, height)) / Math.max(width, height);
      assert.ok(
        Math.abs(short - Math.max(2, exact)) <= 2,
        `${width}x${height}: ${board.tileWidth}x${board.tileHeight}`,
      );
      assert.ok((board.tileWidth - board.tileHeight) * (width - height) >= 0, "it is turned");
    }),
  );
});
