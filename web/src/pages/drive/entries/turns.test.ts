import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { turnsOf } from "./turns.ts";

describe("turns", () => {
  it("run two pieces of work at a time, the latest first, and go on after one that fails", async () => {
    const turn = turnsOf(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = (n: number) =>
      turn(alive, () => {
        begun.push(n);
        return new Promise<void>((resolve, reject) => ends.push(n === 1 ? () => reject(new Error("broken")) : resolve));
      });
    const first = work(1);
    const rest = [work(2), work(3), work(4)];
    assert.deepEqual(begun, [1, 2]);
    ends[0]?.();
    await assert.rejects(first);
    await settled();
    assert.deepEqual(begun, [1, 2, 4]);
    ends[1]?.();
    await rest[0];
    await settled();
    assert.deepEqual(begun, [1, 2, 4, 3]);
  });

  it("are not given to work that was abandoned meanwhile", async () => {
    const turn = turnsOf(1);
    let end = () => undefined as void;
    const first = turn(alive, () => new Promise<void>((resolve) => (end = resolve)));
    const given = new AbortController();
    const begun: string[] = [];
    void turn(alive, async () => void begun.push("kept"));
    void turn(given.signal, async () => void begun.push("abandoned"));
    given.abort();
    end();
    await first;
    await settled();
    assert.deepEqual(begun, ["kept"]);
  });
});

const alive = new AbortController().signal;
/** Work that a settled promise begins has begun after this. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
