import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { madeAhead } from "./ahead.ts";

describe("things made ahead", () => {
  it("are made in order, two while one is used, and the first one alone", async () => {
    const log: string[] = [];
    const make = async (item: string) => `${log.push(`make ${item}`) && item}!`;
    for await (const { item, made } of madeAhead(["a", "b", "c", "d"], make, never)) log.push(`use ${item} as ${made}`);
    assert.deepEqual(log, [
      "make a",
      "make b",
      "make c",
      "use a as a!",
      "make d",
      "use b as b!",
      "use c as c!",
      "use d as d!",
    ]);
  });

  it("fail where one of them does, after those before it were used", async () => {
    const used: number[] = [];
    const make = async (item: number) => {
      if (item === 2) throw new Error("no second one");
      return item;
    };
    await assert.rejects(async () => {
      for await (const { made } of madeAhead([1, 2, 3], make, never)) used.push(made);
    }, /no second one/);
    assert.deepEqual(used, [1]);
  });

  it("are aborted where their user stops, which waits for the end of those under way", async () => {
    let ended = 0;
    const make = (item: number, signal: AbortSignal) =>
      item === 1
        ? Promise.resolve(item)
        : new Promise<number>((_, reject) =>
            signal.addEventListener("abort", () =>
              setImmediate(() => {
                ended++;
                reject(new Error("aborted"));
              }),
            ),
          );
    for await (const { made } of madeAhead([1, 2, 3, 4], make, never)) {
      assert.equal(made, 1);
      break;
    }
    assert.equal(ended, 2);
  });
});

const never = new AbortController().signal;
