import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { evaluate } from "../../../cmd/evaluate.ts";
import type { Instance } from "../../instance/instance.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { runAlone, runHere } from "../../process/command.ts";

describe("npm run evaluate", () => {
  before(async () => {
    instance = await sharedInstance();
  });

  it("prints the evaluation of an instance, next to a running server and without one", async () => {
    const beside = await runAlone("evaluate", ["--data", instance.data]);
    assert.deepEqual([beside.code, beside.error], [0, ""]);
    assert.match(beside.text, /^0 signals of 0 users about 0 videos\.\n\nWHAT USERS LIKED LATER/);
    await instance.stop();
    assert.deepEqual(await run("--data", instance.data), beside);
    // It gave the folder back.
    await instance.restart();
  });

  it("explains itself, and refuses a flag and a folder that it does not know", async () => {
    assert.match((await run("--help")).text, /^npm run evaluate/);
    assert.equal((await run("--fly")).code, 2);
    const { code, error } = await run("--data", join(instance.data, "elsewhere"));
    assert.deepEqual([code, /there is no database in/.test(error)], [1, true]);
  });
});

let instance: Instance;

const run = (...args: string[]) => runHere(evaluate, args);
