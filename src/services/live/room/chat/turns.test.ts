import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { createTurns } from "./turns.ts";

describe("the turns of messages", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("are shared by all that come before their end, and not by what comes later", async () => {
    const next = createTurns(50);
    const passed: string[] = [];
    const come = (name: string) => void next().then(() => passed.push(name));
    come("first");
    mock.timers.tick(49);
    come("second");
    await Promise.resolve();
    assert.deepEqual(passed, []);
    mock.timers.tick(1);
    come("third");
    await Promise.resolve();
    assert.deepEqual(passed, ["first", "second"]);
    mock.timers.tick(50);
    await Promise.resolve();
    assert.deepEqual(passed, ["first", "second", "third"]);
  });
});
