import assert from "node:assert/strict";
import { it } from "node:test";
import { areNeighbours } from "./release.ts";

it("versions are neighbours up to one minor version apart, and over a change of the major version", () => {
  for (const [one, other, isNear] of [
    ["1.2.0", "1.2.9", true],
    ["1.2.0", "1.3.0", true],
    ["1.2.0", "1.4.0", false],
    ["1.9.3", "2.0.0", true],
    ["1.9.3", "2.1.0", false],
    ["1.0.0", "3.0.0", false],
    ["1.9.0", "1.10.0-rc.1+5", true],
    ["0.1.0", "0.3.0", false],
    ["0.4.0", "1.0.0", true],
    ["1.2", "1.2.0", false],
    ["", "", false],
    ["1.2.0", "nonsense", false],
  ] as const)
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const)
      assert.equal(areNeighbours(a, b), isNear, `${a} and ${b}`);
});
