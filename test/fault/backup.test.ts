import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Instance } from "../e2e/instance.ts";
import { administrator, startOnTemplate } from "../template.ts";

describe("npm run backup", () => {
  before(async () => {
    instance = await startOnTemplate({}, "demo");
    into = await mkdtemp(join(tmpdir(), "kinora-backups-"));
  });
  after(async () => {
    await instance[Symbol.asyncDispose]();
    await rm(into, { recursive: true, force: true });
  });

  it("copies a stopped data folder whole, refuses one in use, and the overview shows when", async () => {
    const refused = await run("backup", into);
    assert.deepEqual([refused.code, /in use by process/.test(refused.error)], [1, true], refused.error);
    assert.deepEqual(await readdir(into), []);
    assert.deepEqual(await shown(), { at: null, isAdvised: true });

    const recordedFrom = Date.now();
    assert.equal((await run("backup", "--done")).code, 0);
    await instance.stop();
    const inside = await run("backup", join(instance.data, "blobs"));
    assert.deepEqual([inside.code, /inside of the data folder/.test(inside.error)], [1, true], inside.error);
    await instance.restart();
    const { at: recordedAt, isAdvised } = await shown();
    assert.ok(recordedAt !== null && recordedAt >= recordedFrom && !isAdvised, String(recordedAt));

    await instance.stop();
    const copied = await run("backup", into);
    assert.equal(copied.code, 0, copied.error);
    const [name = ""] = await readdir(into);
    assert.match(name, /^kinora-[\dT-]+$/);
    const copy = join(into, name);
    assert.equal((await stat(copy)).mode & 0o777, 0o700);
    assert.ok(!existsSync(join(copy, "postgres.lock")));
    const verified = await run("doctor", "--verify", "--hashes", "--data", copy);
    assert.deepEqual([verified.code, verified.text], [0, "✔ everything is as it must be\n"], verified.error);
    await instance.restart();
    assert.ok(((await shown()).at ?? 0) > recordedAt);
  });

  it("explains itself where nothing is asked", async () => {
    for (const args of [["backup"], ["backup", "--all"]]) {
      const { code, error } = await run(...args);
      assert.deepEqual([code, /npm run backup -- FOLDER/.test(error)], [2, true]);
    }
  });
});

let instance: Instance;
let into: string;

/** What administrators see of the last backup. */
async function shown(): Promise<{ at: number | null; isAdvised: boolean }> {
  const answer = await fetch(`${instance.url}/api/v1/users/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(administrator),
  });
  const { data } = (await answer.json()) as { data: { token: string } }; // The envelope.
  const overview = await fetch(`${instance.url}/api/v1/admin/overview`, {
    headers: { authorization: `Bearer ${data.token}` },
  });
  const { data: shownNow } = (await overview.json()) as {
    data: { backup: { at: string } | null; advice: { code: string }[] };
  };
  return {
    at: shownNow.backup && Date.parse(shownNow.backup.at),
    isAdvised: shownNow.advice.some(({ code }) => code.startsWith("backup.")),
  };
}

const run = (...args: string[]): Promise<{ code: number; text: string; error: string }> =>
  new Promise((resolve) => {
    const cli = join(import.meta.dirname, "../../cmd/cli.ts");
    const data = args.includes("--data") || args.length < 2 ? [] : ["--data", instance.data];
    execFile(process.execPath, [cli, ...args, ...data], (failure, text, error) =>
      resolve({ code: Number(failure?.code ?? 0), text, error }),
    );
  });
