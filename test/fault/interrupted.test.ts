import assert from "node:assert/strict";
import { glob, readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { DiskBlobStore } from "#kernel/blob/disk";
import { openDb } from "#kernel/db/pool";
import { realDisk } from "#kernel/disk";
import { noFailpoints } from "#kernel/failpoint";
import { startPostgres } from "#kernel/postgres";
import { sweepUploads } from "../../src/services/upload/orphans.ts";
import type { Tables } from "../../src/services/upload/store.ts";
import { Instance } from "../e2e/instance.ts";
import { findings } from "./doctor.ts";
import { Started, temporary, unlimited } from "./folders.ts";
import { halfAnUpload } from "./half-an-upload.ts";
import { Person, Unanswered } from "./person.ts";
import { rows } from "./tables.ts";
import { until } from "../until.ts";

const clip = join(import.meta.dirname, "../media/one-frame.mp4");
const dayMs = 24 * 3_600_000;

describe("F13: an upload that ends before its file does", () => {
  before(async () => {
    started = await Started.make();
  });
  after(() => started[Symbol.asyncDispose]());

  it("shows nowhere, gives its space back and leaves nothing on the disk, when the client goes away", async () => {
    await using instance = await Instance.on({ data: await started.copy(), env: unlimited });
    await instance.restart();
    const person = new Person(instance.url);
    await person.signUp();
    for (const cut of ["end", "destroy", "resetAndDestroy"] as const) {
      const socket = await halfAnUpload(instance, person);
      assert.ok(Number((await person.get("/upload/usage"))["reserved_bytes"]) > 0);
      socket[cut]();
      await until(async () => (await person.get("/upload/usage"))["reserved_bytes"] === 0 || undefined);
      await until(async () => (await temporary(instance.data)).length === 0 || undefined);
      socket.destroy();
    }
    await isNowhere(instance, person);
    await instance.stop();
    assert.deepEqual(await findings(instance.data), []);
  });

  it("leaves nothing after the next start, when the server dies", async () => {
    await using instance = await Instance.on({ data: await started.copy(), env: unlimited });
    await instance.restart();
    const person = new Person(instance.url);
    await person.signUp();
    const socket = await halfAnUpload(instance, person);
    await instance.kill();
    socket.destroy();
    assert.equal((await temporary(instance.data)).length, 1);
    await instance.restart();
    person.hangUp();
    assert.deepEqual(await temporary(instance.data), []);
    await isNowhere(instance, person);
    await instance.stop();
    assert.deepEqual(await findings(instance.data), []);
  });

  it("leaves an object nobody refers to, when the server dies after storing it: the sweeper removes it after the grace time", async () => {
    await using instance = await Instance.on({ data: await started.copy(), env: unlimited });
    await instance.restart({ KINORA_FAILPOINT: "blob.after_sync:crash" });
    const person = new Person(instance.url);
    await person.signUp();
    await assert.rejects(person.upload(await readFile(clip)), Unanswered);
    await instance.gone;
    await instance.restart();
    person.hangUp();
    await isNowhere(instance, person);
    await instance.stop();
    const [orphan = "", ...others] = await stored(instance.data);
    assert.deepEqual([orphan === "", others], [false, []]);
    // Whoever stored it might still note it.
    assert.deepEqual(await findings(instance.data), []);
    assert.equal(await sweep(instance.data), 0);
    const before = new Date(Date.now() - 26 * 3_600_000);
    await utimes(orphan, before, before);
    assert.match((await findings(instance.data)).join(), /belongs to nothing and was not removed/);
    assert.equal(await sweep(instance.data), 1);
    assert.deepEqual([await stored(instance.data), await findings(instance.data)], [[], []]);
  });
});

let started: Started;

async function isNowhere({ data }: Instance, person: Person): Promise<void> {
  assert.equal((await person.get("/upload/usage"))["used_bytes"], 0);
  assert.deepEqual((await person.get("/users/me/videos"))["list"], []);
  for (const [service, table] of [
    ["upload", "files"],
    ["media", "media"],
    ["video", "videos"],
  ] as const)
    assert.deepEqual(await rows(data, service, `SELECT id FROM ${table}`), []);
}

const stored = async (data: string): Promise<string[]> =>
  (await Array.fromAsync(glob("blobs/{media,upload}/*/*/*", { cwd: data }))).map((path) => join(data, path));

/** What the server does once an hour, on a stopped folder. */
async function sweep(data: string): Promise<number> {
  await using server = await startPostgres(data);
  const db = openDb<Tables>({ host: server.socket, user: server.user, database: "upload" });
  const blob = new DiskBlobStore({
    folder: join(data, "blobs"),
    disk: realDisk,
    failpoints: noFailpoints,
    now: Date.now,
  });
  try {
    return await sweepUploads({ db, blob, writtenBeforeMs: Date.now() - dayMs, signal: new AbortController().signal });
  } finally {
    await db.close();
  }
}
