import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { isNightly } from "#test/depth";

const exits = isNightly ? 500 : 12;
const exitsAtOnce = 4;
/** Ends a process that hangs: an exit under load takes tenths of a second. */
const endsMs = 20_000;

describe("the exit of a process", () => {
  it(`never hangs in ${exits} exits while threads wait for a garbage collection`, async () => {
    const endings: (number | string | null)[] = [];
    let left = exits;
    const lane = async () => {
      while (left-- > 0) {
        const { code, signal } = await run(`${pressure} exitProcess(7);`, busyThreads);
        endings.push(signal ?? code);
      }
    };
    await Promise.all(Array.from({ length: exitsAtOnce }, lane));
    // V8's stress test crashes by itself now and then; that is an end too.
    assert.deepEqual(
      [...new Set(endings)].filter((ending) => ending !== "SIGSEGV"),
      [7],
    );
    assert.ok(endings.filter((ending) => ending === 7).length > exits * 0.8, String(endings));
  });

  it("runs exit listeners with the exit code", async () => {
    const text = `process.on("exit", (code) => console.log("listener", code, process.exitCode)); exitProcess(3);`;
    assert.deepEqual(await run(text), { code: 3, signal: null, output: "listener 3 3\n" });
  });

  it("keeps the exit code on a system without a shell", async () => {
    assert.deepEqual(await run(`exitProcess(3, "/nowhere/sh");`), { code: 3, signal: null, output: "" });
  });

  it("waits for a slow reader when the process ends by itself", async () => {
    const text = `exitWhenDone(); process.exitCode = 5; process.stdout.write("x".repeat(1_000_000));`;
    const { code, output } = await run(text, [], 300);
    assert.deepEqual([code, output.length], [5, 1_000_000]);
  });
});

/** Leaves the threads too little heap, and asleep they wait for a collection: of 24 `process.exit` here, 24 hang. */
const pressure = `
  const kept = [];
  while (process.memoryUsage().heapUsed < 16_000_000)
    for (let n = 0; n < 2_000; n++) kept.push([n, { n }, new Array(20).fill(n)]);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);`;
/** V8's own stress test: its worker threads run tasks that allocate, as concurrent compilation does. */
const busyThreads = ["--stress-concurrent-allocation", "--max-old-space-size=100"];

async function run(text: string, flags: readonly string[] = [], readsAfterMs = 0) {
  const url = JSON.stringify(new URL("../../src/kernel/process/process-exit.ts", import.meta.url).href);
  const program = `import { exitProcess, exitWhenDone } from ${url}; ${text}`;
  const child = spawn(process.execPath, [...flags, "--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: endsMs,
    killSignal: "SIGKILL",
  });
  let output = "";
  setTimeout(() => child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk)), readsAfterMs);
  const [code, signal] = (await once(child, "close")) as [number | null, string | null]; // As documented.
  return { code, signal, output };
}
