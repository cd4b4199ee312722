import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { JobKind } from "./port.ts";
import { openKinds, groupByPool } from "./worker.ts";

describe("the slots of a pool", () => {
  it("admit each kind until only the slots that it leaves to other kinds are free", () => {
    const slots = fc.integer({ min: 3, max: 9 });
    const starts = fc.array(fc.constantFrom("short", "middle", "long"), { maxLength: 40 });
    const ends = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(slots, starts, ends, (size, wanted, random) => {
        const kinds = three(size);
        let running: string[] = [];
        for (const one of wanted) {
          const open = openKinds(kinds, running).map(({ kind }) => kind);
          const runningCount = (...of: string[]) => running.filter((kind) => of.includes(kind)).length;
          assert.equal(open.includes("short"), running.length < size);
          assert.equal(open.includes("middle"), running.length < size && runningCount("middle", "long") < size - 1);
          assert.equal(open.includes("long"), running.length < size && runningCount("long") < size - 2);
          if (open.includes(one)) running.push(one);
          else running = running.filter((_, n) => n !== (random.next().value ?? 0) % running.length);
        }
      }),
    );
  });

  it("never run more jobs of a kind than its concurrency", () => {
    const kinds = three(9).map((kind) => ({ ...kind, concurrency: 1 }));
    assert.deepEqual(
      openKinds(kinds, ["short"]).map(({ kind }) => kind),
      ["middle", "long"],
    );
  });

  it("are shared by kinds that name the pool; a kind without a pool has its own", () => {
    const alone = kindOf("alone");
    const groups = groupByPool([...three(3), alone]).map((kinds) => kinds.map(({ kind }) => kind));
    assert.deepEqual(groups, [["short", "middle", "long"], ["alone"]]);
    assert.deepEqual(openKinds([alone], ["alone"]), []);
    assert.throws(() => groupByPool([...three(3), kindOf("odd", { pool: { name: "all", slots: 4 } })]), /two sizes/);
    assert.throws(() => groupByPool([kindOf("odd", { pool: { name: "all", slots: 2 }, leaves: 2 })]), /leaves nothing/);
  });
});

function kindOf(kind: string, more: Partial<JobKind> = {}): JobKind {
  return { kind, concurrency: 1, attemptsMax: 1, leaseMs: 1_000, run: async () => undefined, ...more };
}

const three = (slots: number): JobKind[] =>
  ["short", "middle", "long"].map((kind, leaves) =>
    kindOf(kind, { concurrency: slots, pool: { name: "all", slots }, leaves }),
  );
