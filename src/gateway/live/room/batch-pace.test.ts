import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { RoomBatch, RoomLine } from "#services/live/contract";
import { until } from "#test/until";
import { BatchPace, joinBatches, pauseMsOf } from "./batch-pace.ts";

describe("batches of a live room", () => {
  it("come as they are where few watch, and together where many do, each message once and in order", async () => {
    for (const [viewers, isJoined] of [
      [100, false],
      [5_000, true],
    ] as const) {
      const delivered: RoomBatch[] = [];
      const pace = new BatchPace({ viewers: () => viewers, deliver: (batch) => delivered.push(batch) });
      const beganMs = performance.now();
      for (let seq = 0; seq < 4; seq++) {
        pace.add(batchOf(seq, seq + 1));
        if (!isJoined) await new Promise((resolve) => setTimeout(resolve, pauseMsOf(viewers) + 1));
      }
      await until(() => delivered.flatMap(({ lines }) => lines).length === 4);
      assert.deepEqual(seqsOf(delivered), [1, 2, 3, 4]);
      assert.deepEqual(
        delivered.map(({ from, seq }) => [from, seq]),
        isJoined
          ? [
              [0, 1],
              [1, 4],
            ]
          : [1, 2, 3, 4].map((seq) => [seq - 1, seq]),
      );
      if (isJoined) assert.ok(performance.now() - beganMs >= pauseMsOf(viewers) - 1, "two frames a second");
    }
  });

  it("are joined without losing a line, an order or a gap", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ gap: fc.constantFrom(0, 0, 0, 3), count: fc.nat(3), signals: fc.nat(2) })),
        (steps) => {
          let seq = 0;
          const batches = steps.map(({ gap, count, signals }): RoomBatch => {
            if (count > 0) seq += gap;
            const from = seq;
            seq += count;
            const one = count === 0 ? { from: 0, seq: 0, lines: [] } : batchOf(from, seq);
            return { ...one, lines: [...one.lines, ...Array.from({ length: signals }, () => lineOf(0))] };
          });
          const whole = joinBatches(batches);
          assert.deepEqual(
            whole.flatMap(({ lines }) => lines),
            batches.flatMap(({ lines }) => lines),
          );
          const numbered = batches.filter(({ lines }) => lines.some((line) => line.seq > 0));
          const gaps = numbered.filter(({ from }, place) => place > 0 && numbered[place - 1]?.seq !== from);
          assert.equal(whole.length, batches.length === 0 ? 0 : gaps.length + 1);
          for (const { from, seq: last, lines } of whole)
            assert.equal(
              last - from,
              lines.filter((line) => line.seq > 0).length,
              "its numbers are those of its lines",
            );
        },
      ),
    );
  });
});

const lineOf = (seq: number): RoomLine => ({ seq, kind: "chat", userId: 2, username: "noor", payload: "{}", atMs: 1 });
const batchOf = (from: number, seq: number): RoomBatch => ({
  from,
  seq,
  lines: Array.from({ length: seq - from }, (_, n) => lineOf(from + 1 + n)),
});
const seqsOf = (batches: readonly RoomBatch[]) => batches.flatMap(({ lines }) => lines.map(({ seq }) => seq));
