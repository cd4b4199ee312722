import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { Instance } from "../e2e/instance.ts";
import { findings } from "./doctor.ts";
import { temporary, unlimited } from "./folders.ts";
import { Person } from "./person.ts";
import { rows, settled } from "./tables.ts";
import { until } from "./until.ts";

const run = promisify(execFile);
const clip = join(import.meta.dirname, "../media/one-frame.mp4");
const mebibyte = 2 ** 20;
/** Of the whole small disk, the database included. */
const diskMebibytes = 320;
/** Below this the store refuses, so that the database can go on. */
const reserveMebibytes = 64;

describe("F10: a disk that is full", { skip: notMountable() }, () => {
  it("refuses uploads with 507, lets reads and small writes go on, and takes uploads again when there is space", async () => {
    await using disk = await smallDisk();
    await using instance = await Instance.on({ data: disk.data, env: unlimited });
    await instance.restart();
    const { pid } = instance;
    const person = new Person(instance.url);
    await person.signUp();
    const bytes = await readFile(clip);
    const first = await person.upload(bytes);
    const { data: video } = await person.ask("POST", "/videos", {
      body: { title: "Before", media_id: first.data["id"] },
    });
    await settled(instance);

    await disk.leave(reserveMebibytes - 16);
    await isRefused(await person.upload(Buffer.concat([bytes, randomBytes(100)])), instance);
    assert.ok((await person.ask("POST", `/videos/${String(video["id"])}/like`)).status === 200);

    await disk.leave(reserveMebibytes + 24);
    // It begins, and the space runs out on the way.
    await isRefused(await person.upload(Buffer.concat([bytes, randomBytes(60 * mebibyte)])), instance);
    const { reserved_bytes } = await person.get("/upload/usage");
    assert.equal(reserved_bytes, 0);

    await disk.leave(0);
    await isRefused(await person.upload(Buffer.concat([bytes, randomBytes(100)])), instance);
    assert.equal((await person.get(`/videos/${String(video["id"])}`))["title"], "Before");
    assert.equal((await person.get("/users/me"))["username"], person.username);
    for (let n = 0; n < 50; n++) {
      const { status, error } = await person.ask("PUT", "/users/me", { body: { introduction: "x".repeat(200) + n } });
      assert.ok([200, 507, 503].includes(status), `${status} ${error}`);
    }

    await disk.leave(reserveMebibytes + 64);
    const again = await until(
      async () => {
        const answer = await person.upload(Buffer.concat([bytes, randomBytes(100)]));
        return answer.status < 300 ? answer : undefined;
      },
      { waitMs: 20_000 },
    );
    await settled(instance);
    assert.equal((await person.get(`/media/${String(again.data["id"])}`))["status"], "ready");
    assert.equal((await fetch(`${instance.url}/ready`)).status, 200);
    assert.equal(instance.pid, pid);
    assert.deepEqual(await temporary(instance.data), []);
    assert.equal(await instance.stop(), 0);
    assert.deepEqual(await findings(instance.data), []);
  });
});

async function isRefused({ status, error }: Awaited<ReturnType<Person["upload"]>>, instance: Instance): Promise<void> {
  assert.deepEqual([status, error], [507, "kernel.storage_full"]);
  await until(async () => (await temporary(instance.data)).length === 0);
  const files = await rows(instance.data, "upload", "SELECT FROM files");
  assert.equal(files.length, 1);
}

function notMountable(): string | false {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux, for a small disk";
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
    return false;
  } catch {
    return "needs the right to mount, for a small disk";
  }
}

/** A file system of its own in memory. */
async function smallDisk() {
  const folder = await mkdtemp(join(tmpdir(), "kinora-fault-"));
  await run("mount", ["-t", "tmpfs", "-o", `size=${diskMebibytes}m`, "tmpfs", folder]);
  const data = join(folder, "data");
  await run("mkdir", [data]);
  const ballast = join(folder, "ballast");
  return {
    data,
    /** Fills it up to so many free mebibytes. */
    async leave(mebibytes: number): Promise<void> {
      await rm(ballast, { force: true });
      const { bavail, bsize } = await statfs(folder);
      const length = bavail * bsize - mebibytes * mebibyte;
      assert.ok(length > 0, "the small disk is too small for this");
      // To the last byte, whoever else takes some meanwhile.
      if (mebibytes === 0)
        return void (await run("dd", ["if=/dev/zero", `of=${ballast}`, "bs=4k"]).catch(() => undefined));
      await writeFile(ballast, "");
      await run("fallocate", ["-l", String(length), ballast]);
    },
    async [Symbol.asyncDispose]() {
      await run("umount", ["--lazy", folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
