import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";

describe("a shutdown", () => {
  it("logs uncaught errors during its steps, and still ends with exit code 0", async () => {
    const { code, said } = await run(`
      stopping.first(async () => {
        void Promise.reject(new Error("missed the database"));
        await new Promise((resolve) => setTimeout(resolve, 1_200));
        setTimeout(() => { throw new Error("missed it too"); });
        await new Promise((resolve) => setTimeout(resolve, 100));
      });
      stopping.last(() => console.log("closed"));
      process.kill(process.pid, "SIGTERM");`);
    assert.deepEqual(said, ["stopping", "an error during the stop", "an error during the stop", "closed", "stopped"]);
    assert.equal(code, 0);
  });

  it("runs steps that are registered while it is under way", async () => {
    const { code, said } = await run(`
      stopping.last(() => console.log("first thing closed"));
      stopping.first(() => stopping.last(() => console.log("late thing closed")));
      process.kill(process.pid, "SIGTERM");`);
    assert.deepEqual(said, ["stopping", "late thing closed", "first thing closed", "stopped"]);
    assert.equal(code, 0);
  });

  it("ends with exit code 1 when a step exceeds the time limit", async () => {
    const { code, said } = await run(
      "stopping.first(() => new Promise(() => {})); process.kill(process.pid, 'SIGTERM');",
      {
        stopMsMax: 200,
      },
    );
    assert.deepEqual(said, ["stopping", "did not stop in time"]);
    assert.equal(code, 1);
  });

  it("closes what a failed start has opened, and leaves the end to its caller", async () => {
    const { code, said } = await run(`
      stopping.last(() => console.log("closed"));
      await stopping.release();
      process.exit(3);`);
    assert.deepEqual([said, code], [["closed"], 3]);
  });

  it("drains for its delay before the first step, and for less when a second signal follows", async () => {
    const steps = `
      stopping.draining(() => console.log("not ready"));
      stopping.first(() => console.log("closed"));
      process.kill(process.pid, "SIGTERM");`;
    const inOrder = ["not ready", "draining", "stopping", "closed", "stopped"];
    assert.deepEqual(await run(steps, { delayMs: 300 }), { said: inOrder, code: 0 });
    const impatient = `${steps} setTimeout(() => process.kill(process.pid, "SIGTERM"), 1_200);`;
    assert.deepEqual(await run(impatient, { delayMs: 3_600_000 }), { said: inOrder, code: 0 });
  });

  it("follows an uncaught error, and ends with exit code 1", async () => {
    const { code, said } = await run(`
      stopping.last(() => console.log("closed " + stopping.isUnderWay));
      console.log("runs " + stopping.isUnderWay);
      void Promise.reject(new Error("broken"));`);
    assert.deepEqual(said, ["runs false", "the process cannot go on", "stopping", "closed true", "stopped"]);
    assert.equal(code, 1);
  });
});

/** The output of a process that runs this code with `stopping`. */
async function run(
  code: string,
  { stopMsMax = 60_000, delayMs = 0 } = {},
): Promise<{ code: number | null; said: string[] }> {
  const url = JSON.stringify(new URL("../../cmd/compose/shutdown.ts", import.meta.url).href);
  const text = `
    const { createShutdown } = await import(${url});
    const say = (message) => console.log(message);
    const stopping = createShutdown({ debug: say, info: say, warn: say, error: say }, { stopMsMax: ${stopMsMax}, delayMs: ${delayMs} });
    setInterval(() => undefined, 1_000);
    ${code}`;
  const child: ChildProcess = spawn(process.execPath, ["--input-type=module", "--eval", text], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  assert.ok(child.stdout);
  const said: string[] = [];
  createInterface(child.stdout).on("line", (line) => said.push(line));
  const [ended] = (await once(child, "close")) as [number | null]; // The event carries the exit code first.
  return { code: ended, said };
}
