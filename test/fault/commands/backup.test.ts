import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { backup } from "../../../cmd/backup.ts";
import { explain } from "../../../cmd/compose/explain.ts";
import type { Instance } from "../../instance/instance.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { findings } from "../../instance/doctor.ts";
import { unlimited } from "../../instance/folders.ts";
import { Person } from "../../users/person.ts";
import { settled } from "../../instance/tables.ts";

describe("npm run backup", () => {
  before(async () => {
    const env = { ...unlimited, KINORA_ADMIN_USERNAME: "keeper", KINORA_ADMIN_PASSWORD: "blue bicycle" };
    instance = await startOnTemplate({ env });
    into = await mkdtemp(join(tmpdir(), "kinora-backups-"));
    administrator = new Person(instance.url, env.KINORA_ADMIN_USERNAME);
    await administrator.signIn();
    // Its objects are of both kinds: what was uploaded, and what is made of that.
    await administrator.upload(await readFile(join(import.meta.dirname, "../../media/one-frame.mp4")));
    await settled(instance);
  });
  after(async () => {
    await instance[Symbol.asyncDispose]();
    await rm(into, { recursive: true, force: true });
  });

  it("copies a stopped data folder whole, refuses one in use, and the overview shows when", async () => {
    const refused = await alone(into);
    assert.deepEqual([refused.code, /in use by process/.test(refused.error)], [1, true], refused.error);
    assert.deepEqual(await readdir(into), []);
    assert.deepEqual(await shown(), { at: null, isAdvised: true });

    const recordedFrom = Date.now();
    assert.equal((await run("--done")).code, 0);
    // The overview may be some seconds old.
    const recorded = await until(async () => {
      const now = await shown();
      return now.at === null ? undefined : now;
    });
    assert.ok((recorded.at ?? 0) >= recordedFrom && !recorded.isAdvised, JSON.stringify(recorded));

    await instance.stop();
    const inside = await run(join(instance.data, "blobs"));
    assert.deepEqual([inside.code, /inside of the data folder/.test(inside.error)], [1, true], inside.error);
    const copied = await run(into);
    assert.equal(copied.code, 0, copied.error);
    const [name = ""] = await readdir(into);
    assert.match(name, /^kinora-[\dT-]+$/);
    const copy = join(into, name);
    assert.equal((await stat(copy)).mode & 0o777, 0o700);
    assert.ok(!existsSync(join(copy, "postgres.lock")));
    assert.deepEqual(await readdir(join(copy, "blobs")), await readdir(join(instance.data, "blobs")));
    assert.deepEqual(await findings(copy), []);
    await instance.restart();
    administrator.hangUp();
    assert.ok(((await shown()).at ?? 0) > (recorded.at ?? 0));
  });

  it("explains itself where nothing is asked", async () => {
    for (const args of [[], ["--all"]]) {
      const said: string[] = [];
      const output = { log: () => undefined, error: (line: string) => said.push(line) };
      assert.equal(await backup(args, {}, output), 2);
      assert.match(said.join("\n"), /npm run backup -- FOLDER/);
    }
  });
});

let instance: Instance;
let into: string;
let administrator: Person;

/** The last backup as administrators see it. */
async function shown(): Promise<{ at: number | null; isAdvised: boolean }> {
  const { backup: last, advice } = (await administrator.get("/admin/overview")) as {
    backup: { at: string } | null;
    advice: { code: string }[];
  }; // The contract's own shape.
  return { at: last && Date.parse(last.at), isAdvised: advice.some(({ code }) => code.startsWith("backup.")) };
}

/** As the command of this name runs it, in this process, which has loaded its code once for all. */
async function run(where: string): Promise<{ code: number; error: string }> {
  const said: string[] = [];
  const output = { log: () => undefined, error: (line: string) => void said.push(line) };
  try {
    const code = await backup([where, "--data", instance.data], {}, output);
    return { code, error: said.join("\n") };
  } catch (error) {
    const { code, text } = explain(error);
    return { code, error: text };
  }
}

/** In a process of its own, as users run it. */
const alone = (where: string): Promise<{ code: number; error: string }> =>
  new Promise((resolve) => {
    const cli = join(import.meta.dirname, "../../../cmd/cli.ts");
    execFile(process.execPath, [cli, "backup", where, "--data", instance.data], (failure, _, error) =>
      resolve({ code: Number(failure?.code ?? 0), error }),
    );
  });
