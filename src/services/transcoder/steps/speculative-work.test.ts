import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SpeculativeWork } from "./speculative-work.ts";

describe("speculative work", () => {
  it("is used and awaited when the same work is due", async () => {
    const speculativeWork = new SpeculativeWork();
    const work = Promise.withResolvers<void>();
    speculativeWork.begin(["a", "b"], () => work.promise);
    let isEnded = false;
    const ended = speculativeWork.endedWith(["a", "b"]).then((was) => {
      isEnded = true;
      return was;
    });
    await new Promise(setImmediate);
    assert.equal(isEnded, false);
    work.resolve();
    assert.equal(await ended, true);
  });

  it("is cancelled and awaited when other work is due", async () => {
    for (const keys of [["a"], ["a", "c"], ["a", "b", "c"]]) {
      const speculativeWork = new SpeculativeWork();
      let isEnded = false;
      speculativeWork.begin(["a", "b"], async (givenUp) => {
        await new Promise((resolve) => givenUp.addEventListener("abort", resolve));
        await new Promise(setImmediate);
        isEnded = true;
        throw new Error("ended on request");
      });
      assert.equal(await speculativeWork.endedWith(keys), false);
      assert.equal(isEnded, true);
    }
  });

  it("passes its failure on only when it is used", async () => {
    const failing = () => {
      const speculativeWork = new SpeculativeWork();
      speculativeWork.begin(["a"], () => Promise.reject(new Error("no space")));
      return speculativeWork;
    };
    await assert.rejects(failing().endedWith(["a"]), /no space/);
    assert.equal(await failing().endedWith(["b"]), false);
    await failing()[Symbol.asyncDispose]();
  });

  it("is not used when none was begun", async () => {
    const speculativeWork = new SpeculativeWork();
    assert.equal(await speculativeWork.endedWith([]), false);
    await speculativeWork[Symbol.asyncDispose]();
  });
});
