import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { processesNamed } from "#test/process/processes";
import { until } from "#test/until";
import { systemChildren } from "./children.ts";
import type { SandboxLevel } from "./denials.ts";
import { fakeDecoder, type FakeMode } from "./fake-decoder.ts";
import { endRecorded, type Recorded, recordOf } from "./leftover.ts";
import { run, type RunFailed, type RunFailure, type RunOptions } from "./run.ts";
import { type Priority, createSandbox } from "./sandbox.ts";
import { folder } from "../testing.ts";
import { rejectionOf } from "./work.ts";

test("progress is reported in milliseconds of media", async (t) => {
  const seen: number[] = [];
  await run(systemChildren, await options(await folder(t), "works", { onProgress: (ms) => seen.push(ms) }));
  assert.equal(seen.at(-1), 1500);
});

for (const [mode, reason, more] of failures())
  test(`a decoder in mode "${mode}" fails as ${reason}, and leaves no process behind (F12)`, async (t) => {
    const at = await folder(t);
    let child: Recorded | undefined;
    const onStart = (started: Recorded | undefined): void => void (child = started);
    const { stallMs: _, ...collected } = await options(at, mode, { onStart });
    const runOptions = more === "collected" ? collected : { ...(await options(at, mode, { onStart })), ...more };
    await assert.rejects(run(systemChildren, runOptions), { name: "RunFailed", reason });
    if (child !== undefined) await assertEnded([child.pid]);
  });

test("every failure of a run has a rejection code for the owner", () => {
  const reasons: RunFailure[] = ["stalled", "deadline", "limit", "aborted", "crashed"];
  assert.deepEqual(reasons.map(rejectionOf), [
    "media.too_slow",
    "media.too_slow",
    "media.too_costly",
    "media.decoder_failed",
    "media.decoder_failed",
  ]);
});

test("forks of a decoder end with it, even when it succeeds", async (t) => {
  const at = await folder(t);
  await run(systemChildren, await options(at, "fork", {}));
  await assertEnded(await pidsIn(at));
});

test("a failed run keeps at most its last 16 KiB of messages", async (t) => {
  const failed = await run(systemChildren, await options(await folder(t), "floodMessages", {})).catch(
    (error: RunFailed) => error.messages,
  );
  assert.ok(typeof failed === "string" && failed.length <= 16_384 && failed.length > 10_000);
});

test("the last output of a child is read even when the event loop is busy", async (t) => {
  const at = await folder(t);
  const busy: typeof systemChildren = {
    ...systemChildren,
    async start(...how) {
      const child = await systemChildren.start(...how);
      // As soon as it has ended there is much else to do: until it has spoken, and for longer than it is waited for.
      void child.ended.then(() => setImmediate(() => stands(join(at, "said"))));
      return child;
    },
  };
  const { messages } = await run(busy, await options(at, "late", {}));
  assert.match(messages, /its last words/);
});

/** Stands still for over a second, and until there is this file. */
function stands(file: string): void {
  const began = performance.now();
  const missing = () => !existsSync(file) && performance.now() - began < 60_000;
  while (performance.now() - began < 1_200 || missing())
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}

test("an aborted signal ends a running child, and fails a new run", async (t) => {
  const at = await folder(t);
  const abort = new AbortController();
  const onStart = (): void => abort.abort();
  const running = run(systemChildren, await options(at, "hang", { signal: abort.signal, onStart }));
  await assert.rejects(running, { name: "RunFailed", reason: "aborted" });
  await assert.rejects(run(systemChildren, await options(at, "works", { signal: abort.signal })), {
    reason: "aborted",
  });
});

test("processes that a child started outside its group end with it (D5)", { skip: noProc() }, async (t) => {
  const at = await folder(t);
  const abort = new AbortController();
  // Another session, as a sandbox has one, that did not yet ask to die with its parent.
  const script = "setsid sh -c 'echo $$ > pids; exec sleep 600' & echo out_time_us=1; wait";
  const running = run(systemChildren, {
    command: ["/bin/sh", "-c", script],
    cwd: at,
    deadlineMs: 110_000,
    stallMs: 60_000,
    signal: abort.signal,
  });
  running.catch(() => undefined);
  const pids = await until(async () => {
    const pids = await pidsIn(at).catch(() => []);
    return pids[0] ? pids : undefined;
  });
  abort.abort();
  await assert.rejects(running, { reason: "aborted" });
  await assertEnded(pids);
});

test("a child is ended when its caller cannot record it", async (t) => {
  let pid = 0;
  const onStart = (child: Recorded | undefined): void => {
    pid = child?.pid ?? 0;
    throw new Error("the database is down");
  };
  await assert.rejects(run(systemChildren, await options(await folder(t), "hang", { onStart })), /database is down/);
  await assertEnded([pid]);
});

test("a recorded leftover is ended with its group, but not another process with its id", {
  skip: noProc(),
}, async (t) => {
  const at = await folder(t);
  const [file = ""] = await fakeDecoder(at, "hang");
  const child = spawn(file, { detached: true, cwd: at, stdio: "ignore" });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const left = await recordOf(child.pid ?? 0);
  assert.ok(left !== undefined);
  assert.equal(await endRecorded({ ...left, startTime: left.startTime - 1 }, systemChildren), false);
  assert.equal(child.exitCode, null);
  assert.equal(await endRecorded(left, systemChildren), true);
  await exited;
  assert.equal(await endRecorded(left, systemChildren), false);
});

test("a decoder that exceeds its CPU time or file size fails as limit", { skip: noProc() }, async (t) => {
  for (const [mode, level] of [
    ["spend", "limits"],
    ["fill", "limits"],
    ["fill", "network"],
  ] as const) {
    const at = await folder(t);
    const limits = { cpuSeconds: 1, fileBytes: 100_000, priority: "urgent" } as const;
    const outputFolder = join(at, "output");
    await mkdir(outputFolder);
    const reach = { inputs: [], outputFolder };
    const command = createSandbox(level, process.getuid?.() === 0).wrap(await fakeDecoder(at, mode), limits, reach);
    const running = run(systemChildren, { command, cwd: outputFolder, deadlineMs: 110_000 });
    await assert.rejects(running, { reason: "limit" }, mode);
  }
});

test("processes that leave their group end with the namespace", { skip: noNamespaces() }, async (t) => {
  const at = await folder(t);
  const limits = { cpuSeconds: 5, fileBytes: 100_000 };
  const fake = await fakeDecoder(at, "escape");
  const command = createSandbox("network", true).wrap(fake, limits, { inputs: [] });
  const before = await processesNamed("sleep 600");
  await assert.rejects(run(systemChildren, { command, cwd: at, deadlineMs: 1500 }), { reason: "deadline" });
  await until(async () => (await processesNamed("sleep 600")) <= before);
});

test("a decoder is ended before the server where memory is short", { skip: noProc() }, async () => {
  for (const level of ["none", "limits", "network", "namespaces"] as const)
    assert.equal(await shown("/proc/self/oom_score_adj", level), "800\n", level);
});

test("long work has the processors that the server and live work leave, urgent work the share of the server", {
  skip: !existsSync("/proc/self/autogroup") && "Linux does not share the processors by session here",
}, async () => {
  for (const level of ["none", "limits", "network", "namespaces"] as const) {
    assert.match(await shown("/proc/self/autogroup", level), / nice 5$/m, level);
    assert.match(await shown("/proc/self/autogroup", level, "live"), / nice 2$/m, level);
    assert.match(await shown("/proc/self/autogroup", level, "urgent"), / nice 0$/m, level);
  }
});

/** A file as a decoder in this sandbox reads it, or in the best sandbox that the machine allows. */
async function shown(path: string, wanted: SandboxLevel, priority: Priority = "long"): Promise<string> {
  const level = noNamespaces() === false ? wanted : "limits";
  const limits = { cpuSeconds: 5, fileBytes: 1000, priority };
  const command = createSandbox(level, process.getuid?.() === 0).wrap(["/usr/bin/cat", path], limits, { inputs: [] });
  return (await run(systemChildren, { command, deadlineMs: 110_000 })).output;
}

test("a decoder dies with the process that started it", { skip: noProc() }, async (t) => {
  const at = await folder(t);
  const [program = ""] = await fakeDecoder(at, "hang");
  for (const level of ["limits", "network", "namespaces"] as const) {
    if (level !== "limits" && noNamespaces() !== false) continue;
    const command = createSandbox(level, true).wrap([program], { cpuSeconds: 5, fileBytes: 1000 }, { inputs: [] });
    const script = `const { spawn } = require("node:child_process");
      const child = spawn(${JSON.stringify(command[0])}, ${JSON.stringify(command.slice(1))}, { detached: true, stdio: "pipe" });
      child.stdout.once("data", () => console.log(child.pid));`;
    const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (text) => resolve(Number(text))));
    parent.kill("SIGKILL");
    await assertEnded([pid]);
  }
});

function failures(): [FakeMode, RunFailure, Partial<RunOptions> | "collected"][] {
  return [
    ["hang", "stalled", { stallMs: 300 }],
    ["repeat", "stalled", { stallMs: 300 }],
    ["hang", "deadline", { deadlineMs: 300 }],
    ["crash", "crashed", {}],
    ["segfault", "crashed", {}],
    ["killed", "killed", {}],
    ["killed", "killed", { cpuSeconds: 1_000_000 }],
    ["killed", "limit", { cpuSeconds: 0 }],
    ["multiply", "limit", {}],
    ["flood", "limit", "collected"],
  ];
}

async function options(at: string, mode: FakeMode, more: Partial<RunOptions>): Promise<RunOptions> {
  return { command: await fakeDecoder(at, mode), cwd: at, deadlineMs: 110_000, stallMs: 60_000, ...more };
}

function noProc(): string | false {
  return process.platform === "linux" ? false : "only Linux has /proc and prlimit";
}

function noNamespaces(): string | false {
  return process.getuid?.() === 0 ? noProc() : "namespaces are tried as root only";
}

const pidsIn = async (at: string): Promise<number[]> =>
  (await readFile(join(at, "pids"), "utf8")).trim().split("\n").map(Number);

async function assertEnded(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    assert.ok(pid > 0);
    await until(async () => !(await isAlive(pid)));
  }
}

/** A zombie is dead: nobody but its parent can do more. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => undefined);
  return stat !== undefined && !/\) Z /.test(stat);
}
