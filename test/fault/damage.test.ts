import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startPostgres } from "#kernel/postgres/postgres";
import { Instance } from "../e2e/instance.ts";
import { doctor, findings } from "./doctor.ts";
import { endAll, processTree, survivors } from "./process-tree.ts";
import { unlimited } from "./folders.ts";
import { Person } from "./person.ts";
import { failedStart } from "./failed-start.ts";
import { rows, services } from "./tables.ts";
import { startOnTemplate, templateCopy } from "../template.ts";
import { until } from "../until.ts";

describe("F19, D11: a changed data folder", () => {
  it("is refused when a newer version wrote it, and its databases stay unchanged", async () => {
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    const { data } = instance;
    await withTables(data, async () => {
      await rows(data, "video", "UPDATE migrations SET step = 99 WHERE part = 'service'");
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
    assert.match((await doctor(["--verify", "--data", data])).text, /at step 99/);
  });

  for (const [what, damage] of Object.entries<(data: string) => Promise<unknown>>({
    "a cut pg_control": (data) => truncate(join(data, "postgres/global/pg_control"), 100),
    "no base folder": (data) => rm(join(data, "postgres/base"), { recursive: true }),
    "an empty database folder": async (data) => {
      await rm(join(data, "postgres"), { recursive: true });
      await mkdir(join(data, "postgres"), { mode: 0o700 });
    },
    "an empty write-ahead log": async (data) => {
      for (const name of await readdir(join(data, "postgres/pg_wal")))
        if (/^[0-9A-F]{24}$/.test(name)) await truncate(join(data, "postgres/pg_wal", name), 0);
    },
  }))
    it(`is refused with ${what}, and is not initialized again`, async () => {
      await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
      await damage(instance.data);
      const before = await listing(instance.data);
      const { code, text } = await failedStart(instance);
      assert.equal(code, 1);
      assert.match(text, /Kinora cannot start: .*(?:restore a backup)/s);
      assert.deepEqual(await listing(instance.data), before);
      const { code: found, text: words } = await doctor(["--verify", "--data", instance.data]);
      assert.equal(found, 1);
      assert.match(words, /restore a backup/);
    });

  it("keeps foreign files unchanged", async () => {
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    const files = ["notes.txt", "blobs/upload/notes.txt", "blobs/media/ab/cd/notes.txt", "secrets/notes.txt"];
    for (const file of files) {
      await mkdir(join(instance.data, file, ".."), { recursive: true });
      await writeFile(join(instance.data, file), "mine");
      await utimes(join(instance.data, file), aWeekAgo, aWeekAgo);
    }
    await instance.restart();
    assert.equal(await instance.stop(), 0);
    assert.deepEqual(await findings(instance.data), []);
    for (const file of files) assert.equal(await readFile(join(instance.data, file), "utf8"), "mine");
  });

  it("is reported as absent by the doctor, and is not created", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kinora-fault-"));
    try {
      const { code, text } = await doctor(["--verify", "--data", join(folder, "mistyped")]);
      assert.equal(code, 1);
      assert.match(text, /there is nothing to look through/);
      assert.deepEqual(await readdir(folder), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is checked by the doctor for missing, truncated and changed objects", async () => {
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    await instance.restart();
    const person = new Person(instance.url);
    await person.signUp();
    const clips = ["one-frame.mp4", "odd-size-427x241.webm", "quiet-audio.mp4"];
    for (const name of clips) await person.upload(await readFile(join(import.meta.dirname, "../media", name)));
    await instance.stop();
    const objects = await Promise.all(
      clips.map(async (name) => {
        const bytes = await readFile(join(import.meta.dirname, "../media", name));
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        return { bytes, path: join(instance.data, "blobs/upload", sha256.slice(0, 2), sha256.slice(2, 4), sha256) };
      }),
    );
    const [absent, short, changed] = objects;
    assert.ok(absent && short && changed);
    await rm(absent.path);
    await truncate(short.path, 1_000);
    changed.bytes[500] = (changed.bytes[500] ?? 0) ^ 1;
    await writeFile(changed.path, changed.bytes);
    const quick = await doctor(["--verify", "--data", instance.data]);
    assert.deepEqual(
      [quick.code, /is missing/.test(quick.text), /1000 bytes instead of/.test(quick.text)],
      [1, true, true],
    );
    assert.doesNotMatch(quick.text, /not those that were stored/);
    assert.match((await doctor(["--verify", "--hashes", "--data", instance.data])).text, /not those that were stored/);
  });
});

describe("F20: a data folder in use by a process", () => {
  it("is refused to a second process, which names the first", async () => {
    await using first = await startOnTemplate({ env: unlimited });
    const second = await Instance.on({ data: first.data, env: unlimited });
    const { code, text } = await failedStart(second);
    assert.equal(code, 1);
    assert.match(text, new RegExp(`in use by process ${first.pid}\\b.*--data`));
    const { code: found, text: words } = await doctor(["--verify", "--data", first.data]);
    assert.deepEqual([found, words], [0, "✔ everything is as it must be\n"]);
    assert.equal((await fetch(`${first.url}/ready`)).status, 200);
  });

  it("is given to one of two processes that start concurrently", async () => {
    await using one = await Instance.on({ env: unlimited });
    const other = await Instance.on({ data: one.data, env: unlimited });
    one.begin();
    other.begin();
    const [a, b] = await Promise.allSettled([one.ready(), other.ready()]);
    assert.deepEqual([a, b].map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
    const [winner, loser] = a.status === "fulfilled" ? [one, other] : [other, one];
    assert.equal((await loser.exited).code, 1);
    assert.match(loser.log.join("\n"), new RegExp(`in use by process ${winner.pid}\\b`));
    assert.equal(await winner.stop(), 0);
    assert.deepEqual(await findings(one.data), []);
  });

  it("is taken over after a kill, and the orphaned database is ended", async () => {
    await using instance = await startOnTemplate({ env: unlimited });
    const before = processTree(instance.pid);
    // A stopped database does not notice that its parent died. Other children end with it.
    const server = before.find(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("bin/postgres"));
    assert.ok(server);
    for (const { pid } of processTree(server.pid))
      try {
        process.kill(pid, "SIGSTOP");
      } catch {
        // One of the database's that does its work and ends.
      }
    await instance.kill("leader");
    try {
      await instance.restart();
      await until(() => survivors(before).length === 0 || undefined);
      assert.match(instance.log.join("\n"), /outlived its Kinora|did not end cleanly/);
    } finally {
      endAll(before);
    }
  });
});

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
