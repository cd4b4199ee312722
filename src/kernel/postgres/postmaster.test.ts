import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it, type TestContext } from "node:test";
import { launch } from "./postmaster.ts";

/* A stand-in for the server, on a clock that runs a hundred times as fast. */
describe("the start of a database server", () => {
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), "kinora-postmaster-"));
    said.length = 0;
  });
  afterEach(() => rm(data, { recursive: true }));

  it("lasts as long as its repair makes progress, and says so every ten seconds", async (t) => {
    hasten(t);
    const server = await launchScript(
      `for i in 1 2 3 4 5 6 7 8 9 10; do echo "LOG:  redo in progress, part $i" >&2; sleep 0.5; done; ${ready}`,
    );
    await server.stop();
    const progress = said.filter(({ message }) => message === "the database is still starting");
    assert.ok(progress.length >= 30, `${progress.length} reports`);
    assert.match(String(progress.at(-1)?.fields?.["line"]), /redo in progress, part 10/);
  });

  it("is given up after five silent minutes", async (t) => {
    const clock = hasten(t);
    const began = clock();
    await assert.rejects(launchScript("exec sleep 600"), { reason: "failed", message: /said nothing for 300 s/ });
    assert.ok(clock() - began >= 300_000);
  });
});

describe("the stop of a database server", () => {
  it("warns when it had to cut the server's shutdown", async () => {
    data = await mkdtemp(join(tmpdir(), "kinora-postmaster-"));
    said.length = 0;
    // As a shell begins no work of a signal before its child ends, the child is short.
    const server = await launchScript(`trap '' INT; ${ready}`);
    await server.stop();
    await rm(data, { recursive: true });
    assert.deepEqual(said, [
      { message: "the database did not stop in time: it is cut, and repairs itself at the next start" },
    ]);
  });
});

let data: string;
const said: { message: string; fields?: Readonly<Record<string, unknown>> }[] = [];
const ready = `printf '%s\\n\\n\\n\\n\\n\\n\\nready\\n' $$ > postmaster.pid; trap 'exit 0' QUIT; while :; do sleep 0.1; done`;

function hasten(t: TestContext): () => number {
  const now = performance.now.bind(performance);
  const fast = () => now() * 100;
  t.mock.method(performance, "now", fast);
  return fast;
}

async function launchScript(script: string) {
  const postgres = join(data, "postgres");
  await writeFile(postgres, `#!/bin/sh\ncd '${data}'\n${script}\n`, { mode: 0o755 });
  const as = {
    how: "as it is",
    command: (program: string, args: readonly string[]): [string, string[]] => [program, [...args]],
    open: async () => undefined,
    give: async () => undefined,
  };
  return await launch({ postgres, initdb: "", major: 17, source: "system" }, data, as, {}, (message, fields) =>
    said.push({ message, ...(fields && { fields }) }),
  );
}
