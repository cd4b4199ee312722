import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Instance } from "../../instance/instance.ts";
import { startOnTemplate } from "../../instance/template.ts";

describe("npm run evaluate", () => {
  before(async () => {
    instance = await startOnTemplate();
  });
  after(() => instance[Symbol.asyncDispose]());

  it("prints the evaluation of an instance, next to a running server and without one", async () => {
    const beside = await run("--data", instance.data);
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

const run = (...args: string[]): Promise<{ code: number; text: string; error: string }> =>
  new Promise((resolve) => {
    const cli = join(import.meta.dirname, "../../../cmd/cli.ts");
    execFile(process.execPath, [cli, "evaluate", ...args], (failure, text, error) =>
      resolve({ code: Number(failure?.code ?? 0), text, error }),
    );
  });
