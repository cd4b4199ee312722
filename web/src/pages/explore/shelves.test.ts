import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { mixShapes } from "./shelves.ts";

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, place) => from + place);
const loaded = (count: number, isWhole: boolean) => ({ list: numbers(count), isWhole });

describe("the grid of Explore", () => {
  it("puts a shelf after the first row and after every third", () => {
    const parts = mixShapes(loaded(28, true), loaded(24, true), 4);
    assert.deepEqual(
      parts.map(({ wide, upright }) => [wide.length, upright.length]),
      [
        [4, 12],
        [12, 12],
        [12, 0],
      ],
    );
  });

  it("holds rows and shelves back that are not full while others may come, except the first", () => {
    assert.deepEqual(mixShapes(loaded(8, false), loaded(24, false), 4).at(-1)?.wide, numbers(4));
    assert.deepEqual(mixShapes(loaded(0, true), loaded(3, false), 4), [{ wide: [], upright: numbers(3) }]);
  });

  it("shows every video once and in order when nothing else comes", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 6 }), (wide, upright, columns) => {
        const parts = mixShapes(loaded(wide, true), loaded(upright, true), columns);
        assert.deepEqual(
          parts.flatMap((part) => part.wide),
          numbers(wide),
        );
        assert.deepEqual(
          parts.flatMap((part) => part.upright),
          numbers(upright),
        );
      }),
    );
  });

  it("moves no video to another part when others come", () => {
    const placesOf = (wide: number, upright: number) =>
      mixShapes(loaded(wide, false), loaded(upright, false), 4).flatMap((part, place) => [
        ...part.wide.map((video) => `wide ${video} in ${place}`),
        ...part.upright.map((video) => `upright ${video} in ${place}`),
      ]);
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.nat(40), fc.nat(40), (wide, upright, moreWide, moreUpright) => {
        const after = new Set(placesOf(wide + moreWide, upright + moreUpright));
        for (const place of placesOf(wide, upright)) assert.ok(after.has(place), place);
      }),
    );
  });
});
