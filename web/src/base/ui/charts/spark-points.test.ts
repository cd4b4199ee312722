import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sparkPoints } from "./spark-points.ts";

describe("a small chart", () => {
  it("stays in its box, with the highest value at the top", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }), (values) => {
        const points = sparkPoints(values, 90, 28);
        for (const { x, y } of points) assert.ok(x >= 0 && x <= 90 + 1e-9 && y >= 0 && y <= 28);
        if (new Set(values).size > 1) assert.equal(points[values.indexOf(Math.max(...values))]?.y, 0);
      }),
    );
    assert.deepEqual(sparkPoints([4, 4], 10, 5), [
      { x: 0, y: 5 },
      { x: 10, y: 5 },
    ]);
  });
});
