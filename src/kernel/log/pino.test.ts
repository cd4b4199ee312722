import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { it } from "node:test";
import { pinoLog } from "./pino.ts";

const lines: string[] = [];
const log = pinoLog({
  level: () => "info",
  instance: "one",
  version: "1",
  to: { write: (line) => void lines.push(line) },
});
const lastLine = (): Record<string, unknown> => {
  const { time: _, ...rest } = JSON.parse(lines.pop() ?? "{}") as Record<string, unknown>; // As lines are written.
  return rest;
};

it("a log line masks secrets at any depth of its fields, and leaves the given fields unchanged", () => {
  const fields = {
    path: "/a",
    password: "s3cret",
    inner: { token: "s3cret", salt: "s3cret", deep: { cookie: "s3cret", n: 1 } },
    list: [{ url: "https://s3cret" }, "b"],
    nothing: null,
  };
  const before = structuredClone(fields);
  log.info("said", fields);
  assert.deepEqual(fields, before);
  assert.deepEqual(lastLine(), {
    level: "info",
    instance: "one",
    version: "1",
    msg: "said",
    path: "/a",
    password: "[secret]",
    inner: { token: "[secret]", salt: "[secret]", deep: { cookie: "[secret]", n: 1 } },
    list: [{ url: "[secret]" }, "b"],
    nothing: null,
  });
});

it("a log line with a circular value is written without its secrets", () => {
  const self: Record<string, unknown> = { token: "s3cret" };
  self["again"] = self;
  log.info("said", { self });
  const line = JSON.stringify(lastLine());
  assert.match(line, /"msg":"said"/);
  assert.ok(!line.includes("s3cret"), line);
});

it("a log with fixed fields masks their secrets in all its lines", () => {
  log.with({ service: "user", authorization: "Bearer s3cret" }).warn("said", { status: 500 });
  const { service, authorization, status, level } = lastLine();
  assert.deepEqual([service, authorization, status, level], ["user", "[secret]", 500, "warn"]);
});

it("a logged error has its message and cause, without the database's values", () => {
  const error = Object.assign(new Error('invalid input "s3cret"', { cause: new Error("below") }), {
    severity: "ERROR",
    code: "22P02",
    detail: "s3cret",
    token: "s3cret",
  });
  log.error("failed", { err: error });
  const line = JSON.stringify(lastLine());
  assert.ok(!line.includes("s3cret"), line);
  assert.match(line, /"type":"Error".*"message":"invalid input .*"cause":\{"type":"Error","message":"below"/);
});

it("a process whose supervisor died stops writing, and can exit", async () => {
  const code = `
    const { pinoLog } = await import(${JSON.stringify(import.meta.resolve("./pino.ts"))});
    const log = pinoLog({ level: () => "info", instance: "one", version: "1" });
    process.once("disconnect", () => setTimeout(() => { log.info("a line that is under way"); log.info("another"); process.exit(7); }, 200));
    process.send("begins");`;
  const args = ["--input-type=module", "--eval", code];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  await once(child, "message");
  child.stdout?.destroy();
  const ended = once(child, "exit", { signal: AbortSignal.timeout(20_000) });
  child.disconnect();
  try {
    assert.deepEqual(await ended, [7, null]);
  } finally {
    child.kill("SIGKILL");
  }
});
