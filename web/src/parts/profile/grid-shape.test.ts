import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gridShape } from "./grid-shape.ts";

describe("the grid of a profile", () => {
  it("follows the more frequent orientation of the videos, ignores unknown sizes, and is wide on a tie", () => {
    assert.equal(gridShape([tall, tall, wide]), "tall");
    assert.equal(gridShape([tall, wide]), "wide");
    assert.equal(gridShape([]), "wide");
    assert.equal(gridShape([tall, { width: 0, height: 0 }, { width: 0, height: 0 }]), "tall");
  });
});

const tall = { width: 720, height: 1280 };
const wide = { width: 1280, height: 720 };
