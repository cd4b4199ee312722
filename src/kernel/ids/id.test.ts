import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createIdGenerator, idTimeMs } from "./id.ts";

describe("ids", () => {
  const start = Date.UTC(2026, 10, 20);

  it("only grow and never repeat, whatever the clock does", () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: -3_600_000, max: 3_600_000 }), fc.integer({ min: 1, max: 300 })),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(steps, (moves) => {
        let now = start;
        const ids = createIdGenerator(() => now, { node: 5 });
        let last = 0;
        for (const [move, count] of moves) {
          now = Math.max(Date.UTC(2026, 0, 2), now + move);
          for (let i = 0; i < count; i++) {
            const id = ids.next();
            assert.ok(id > last && Number.isSafeInteger(id));
            last = id;
          }
        }
      }),
    );
  });

  it("continue to grow after a restart with the clock set back", () => {
    let now = start;
    const first = createIdGenerator(() => now);
    const before = first.next();
    now -= 3_600_000;
    assert.ok(createIdGenerator(() => now, { startTick: first.highTick }).next() > before - 1_024);
    assert.ok(createIdGenerator(() => now, { startTick: first.highTick + 1 }).next() > before);
  });

  it("contain their time of creation, to ten milliseconds", () => {
    assert.equal(idTimeMs(createIdGenerator(() => start + 7).next()), start);
  });

  it("differ between nodes at the same instant", () => {
    assert.notEqual(
      createIdGenerator(() => start, { node: 1 }).next(),
      createIdGenerator(() => start, { node: 2 }).next(),
    );
    assert.throws(() => createIdGenerator(() => start, { node: 64 }));
  });

  it("are refused when they are requested faster than the clock allows", () => {
    const ids = createIdGenerator(() => start);
    assert.throws(() => {
      for (let i = 0; i < 200_000; i++) ids.next();
    }, /more ids/);
  });
});
