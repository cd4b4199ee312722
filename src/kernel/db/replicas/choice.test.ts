import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { leastConnections, shareOf } from "../connections/shares.ts";
import { lagOf, stalenessMsMax, usableReplicas } from "./choice.ts";

const samples = [
  { atMs: 1_000, position: 100 },
  { atMs: 2_000, position: 200 },
  { atMs: 3_000, position: 200 },
  { atMs: 4_000, position: 300 },
];

describe("the lag of a replica", () => {
  it("is the age of the latest position it has replayed", () => {
    assert.equal(lagOf(100, samples, 5_000), 4_000);
    assert.equal(lagOf(299, samples, 5_000), 2_000);
    assert.equal(lagOf(1_000, samples, 5_000), 1_000);
  });

  it("is infinite when the replica is behind all samples, or when there are none", () => {
    assert.equal(lagOf(99, samples, 5_000), Infinity);
    assert.equal(lagOf(99, [], 5_000), Infinity);
  });
});

describe("a read", () => {
  const usable = (position: number, nowMs: number, replica: { position: number; problem?: string }) =>
    usableReplicas([{ problem: undefined, ...replica }], samples, position, nowMs).length === 1;

  it("uses a replica only if it has replayed the required position", () => {
    assert.equal(usable(300, 4_100, { position: 300 }), true);
    assert.equal(usable(301, 4_100, { position: 300 }), false);
  });

  it("does not use a replica with a problem, whatever it has replayed", () => {
    assert.equal(usable(0, 4_100, { position: 300, problem: "it is not a standby" }), false);
  });

  it("does not use a replica beyond the staleness limit", () => {
    assert.equal(usable(0, 1_000 + stalenessMsMax, { position: 100 }), true);
    assert.equal(usable(0, 1_001 + stalenessMsMax, { position: 100 }), false);
  });

  it("never uses a replica that lacks changes older than the staleness limit", () => {
    const step = fc.record({ afterMs: fc.integer({ min: 1, max: 3_000 }), bytes: fc.integer({ min: 0, max: 50 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(1_000), fc.nat(10_000), (steps, replayed, passedMs) => {
        let [atMs, position] = [0, 0];
        const history = steps.map(({ afterMs, bytes }) => ({ atMs: (atMs += afterMs), position: (position += bytes) }));
        const nowMs = atMs + passedMs;
        const replicas = [{ position: replayed, problem: undefined }];
        if (usableReplicas(replicas, history, 0, nowMs).length === 0) return;
        for (const one of history) if (one.atMs <= nowMs - stalenessMsMax) assert.ok(one.position <= replayed);
      }),
    );
  });
});

describe("the connections of a process", () => {
  it("are divided between the primary, its replicas and their monitors", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(100), (replicas, more) => {
        const connections = leastConnections(replicas) + more;
        const { primary, replica } = shareOf(connections, replicas);
        assert.ok(primary >= 1 && replica >= 2);
        assert.equal(primary + 1 + replicas * replica, connections);
      }),
    );
    assert.deepEqual(shareOf(20, 0), { primary: 20, replica: 0 });
    assert.deepEqual(shareOf(20, 1), { primary: 9, replica: 10 });
  });
});
