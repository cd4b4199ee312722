import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startPostgres } from "#kernel/postgres/postgres";
import { Instance } from "../../instance/instance.ts";
import { doctor, doctorHere, findings } from "../../instance/doctor.ts";
import { endAll, processTree, survivors } from "../../process/process-tree.ts";
import { unlimited } from "../../instance/folders.ts";
import { Person } from "../../users/person.ts";
import { failedStart } from "../../instance/failed-start.ts";
import { rows, services } from "../../instance/tables.ts";
import { templateCopy } from "../../instance/template.ts";
import { until } from "../../until.ts";

describe("F19, D11: a changed data folder", () => {
  let instance: Instance;
  before(async () => {
    instance = await Instance.on({ data: await templateCopy(), env: unlimited });
  });
  after(() => instance[Symbol.asyncDispose]());

  for (const [what, [name, put]] of Object.entries<Damage>({
    "a cut pg_control": [
      "postgres/global/pg_control",
      async (whole, path) => writeFile(path, (await readFile(whole)).subarray(0, 100)),
    ],
    "no base folder": ["postgres/base", () => Promise.resolve()],
    "an empty database folder": ["postgres", (_, path) => mkdir(path, { mode: 0o700 })],
    "an empty write-ahead log": [
      "postgres/pg_wal",
      async (whole, path) => {
        await cp(whole, path, { recursive: true });
        for (const segment of await readdir(path))
          if (/^[0-9A-F]{24}$/.test(segment)) await truncate(join(path, segment), 0);
      },
    ],
  }))
    it(`is refused with ${what}, and is not initialized again`, async () => {
      const path = join(instance.data, name);
      const whole = `${instance.data}-whole`;
      await rename(path, whole);
      try {
        await put(whole, path);
        const before = await listing(instance.data);
        const { code, text } = await failedStart(instance);
        assert.equal(code, 1);
        assert.match(text, /Kinora cannot start: .*(?:restore a backup)/s);
        assert.deepEqual(await listing(instance.data), before);
        const { code: found, text: words } = await doctorHere(["--verify", "--data", instance.data]);
        assert.equal(found, 1);
        assert.match(words, /restore a backup/);
      } finally {
        // One that started after all would write to what is put back.
        if (instance.pid > 0) await instance.kill();
        await rm(path, { recursive: true, force: true });
        await rename(whole, path);
      }
    });

  it("is refused when a newer version wrote it, and its databases stay unchanged", async () => {
    const { data } = instance;
    await withTables(data, async () => {
      await rows(data, "video", "UPDATE migrations SET step = 99, floor = 99 WHERE part = 'service'");
      // Started in the wrong order of things, this one would be made before the newer one is seen.
      await rows(data, "video", 'DROP SCHEMA "user" CASCADE');
    });
    const { code, text } = await failedStart(instance);
    assert.equal(code, 1);
    assert.match(text, /Kinora cannot start: the database of video is at step 99, this version of Kinora knows \d/);
    assert.match(text, /start the newer version, or restore a backup/);
    assert.equal(existsSync(join(data, "postgres.lock")), false, "it gave the folder back");
    await withTables(data, async () => {
      assert.ok(!(await services(data)).includes("user"));
      const [{ step } = {}] = await rows(data, "video", "SELECT step FROM migrations WHERE part = 'service'");
      assert.equal(step, 99);
    });
    assert.match((await doctorHere(["--verify", "--data", data])).text, /at step 99/);
  });

  it("is reported as absent by the doctor, and is not created", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kinora-fault-"));
    try {
      const { code, text } = await doctorHere(["--verify", "--data", join(folder, "mistyped")]);
      assert.equal(code, 1);
      assert.match(text, /there is nothing to look through/);
      assert.deepEqual(await readdir(folder), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("F19, D11: a data folder with files in it", () => {
  const foreign = ["notes.txt", "blobs/upload/notes.txt", "blobs/media/ab/cd/notes.txt", "secrets/notes.txt"];
  const kept = Array.from({ length: 3 }, (_, n) => randomBytes(4_000 + n));
  let instance: Instance;
  before(async () => {
    instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    for (const file of foreign) {
      await mkdir(join(instance.data, file, ".."), { recursive: true });
      await writeFile(join(instance.data, file), "mine");
      await utimes(join(instance.data, file), aWeekAgo, aWeekAgo);
    }
    await instance.restart();
    const person = new Person(instance.url);
    await person.signUp();
    for (const [n, bytes] of kept.entries()) assert.equal((await person.keep(bytes, `${n}.bin`)).status, 200);
    assert.equal(await instance.stop(), 0);
  });
  after(() => instance[Symbol.asyncDispose]());

  it("keeps foreign files unchanged", async () => {
    assert.deepEqual(await findings(instance.data), []);
    for (const file of foreign) assert.equal(await readFile(join(instance.data, file), "utf8"), "mine");
  });

  it("is checked by the doctor for missing, truncated and changed objects", async () => {
    const [absent, short, changed] = kept.map((bytes) => {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      return { bytes, path: join(instance.data, "blobs/upload", sha256.slice(0, 2), sha256.slice(2, 4), sha256) };
    });
    assert.ok(absent && short && changed);
    await rm(absent.path);
    await truncate(short.path, 1_000);
    changed.bytes[500] = (changed.bytes[500] ?? 0) ^ 1;
    await writeFile(changed.path, changed.bytes);
    const quick = await doctorHere(["--verify", "--data", instance.data]);
    assert.deepEqual(
      [quick.code, /is missing/.test(quick.text), /1000 bytes instead of/.test(quick.text)],
      [1, true, true],
    );
    assert.doesNotMatch(quick.text, /not those that were stored/);
    assert.match((await doctor(["--verify", "--hashes", "--data", instance.data])).text, /not those that were stored/);
  });
});

describe("F20: a data folder in use by a process", () => {
  let one: Instance;
  let other: Instance;
  let winner: Instance;
  let loser: Instance;
  const starts: string[] = [];
  before(async () => {
    one = await Instance.on({ env: unlimited });
    other = await Instance.on({ data: one.data, env: unlimited });
    one.begin();
    other.begin();
    const [a, b] = await Promise.allSettled([one.ready(), other.ready()]);
    starts.push(a.status, b.status);
    [winner, loser] = a.status === "fulfilled" ? [one, other] : [other, one];
  });
  after(async () => {
    await other[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
  });

  it("is given to one of two processes that start concurrently", async () => {
    assert.deepEqual(starts.toSorted(), ["fulfilled", "rejected"]);
    assert.equal((await loser.exited).code, 1);
    assert.match(loser.log.join("\n"), new RegExp(`in use by process ${winner.pid}\\b`));
  });

  it("is refused to a second process, which names the first", async () => {
    const { code, text } = await failedStart(loser);
    assert.equal(code, 1);
    assert.match(text, new RegExp(`in use by process ${winner.pid}\\b.*--data`));
    const { code: found, text: words } = await doctorHere(["--verify", "--data", winner.data]);
    assert.deepEqual([found, words], [0, "✔ everything is as it must be"]);
    assert.equal((await fetch(`${winner.url}/ready`)).status, 200);
  });

  it("is taken over after a kill, and the orphaned database is ended", async () => {
    const before = processTree(winner.pid);
    // A stopped database does not notice that its parent died. Other children end with it.
    const server = before.find(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("bin/postgres"));
    assert.ok(server);
    for (const { pid } of processTree(server.pid))
      try {
        process.kill(pid, "SIGSTOP");
      } catch {
        // One of the database's that does its work and ends.
      }
    await winner.kill("leader");
    try {
      await winner.restart();
      await until(() => survivors(before).length === 0 || undefined);
      assert.match(winner.log.join("\n"), /outlived its Kinora|did not end cleanly/);
    } finally {
      endAll(before);
    }
    assert.equal(await winner.stop(), 0);
    assert.deepEqual(await findings(winner.data), []);
  });
});

/** The damaged object, and the bytes that take its place, from a store that has it whole. */
type Damage = readonly [name: string, put: (whole: string, path: string) => Promise<unknown>];

const aWeekAgo = new Date(Date.now() - 7 * 24 * 3_600_000);

/** Looks into the tables of a stopped folder. */
async function withTables(data: string, work: () => Promise<void>): Promise<void> {
  await using _ = await startPostgres(data);
  await work();
}

/** Every file with its length, but for what a start writes before it knows: notes about itself. */
async function listing(data: string): Promise<string[]> {
  const files = await readdir(data, { recursive: true });
  return files.filter((name) => !/postgres\.(?:lock|socket)|postmaster\.(?:pid|opts)|pg_stat/.test(name)).toSorted();
}
