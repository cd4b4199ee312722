import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { type Disk, realDisk } from "../disk.ts";
import { noFailpoints } from "../failpoint.ts";
import { DiskBlobStore } from "./disk.ts";
import type { BlobStore } from "./port.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kinora-blob-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const onDisk = (disk: Disk = realDisk) => new DiskBlobStore({ folder, disk, failpoints: noFailpoints, now: Date.now });

/** What every blob store promises; each adapter is run through it. */
for (const [name, open] of [["the disk", () => onDisk()]] as const)
  describe(`a blob store on ${name}`, () => {
    it("gives back every byte under the hash of the content", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 8 }), async (chunks) => {
          const store = open();
          const writer = await store.create("test");
          for (const chunk of chunks) await writer.write(chunk);
          const whole = Buffer.concat(chunks);
          const stored = await writer.commit();
          assert.equal(stored.sha256, createHash("sha256").update(whole).digest("hex"));
          assert.deepEqual([stored.key, stored.sizeBytes], [`test/${stored.sha256}`, whole.byteLength]);
          const reader = await store.open(stored.key);
          assert.ok(reader);
          assert.deepEqual(await reader.read(0, whole.byteLength + 10), whole);
          assert.deepEqual(await reader.read(3, 5), whole.subarray(3, 8));
          await reader.close();
        }),
        { numRuns: 20 },
      );
    });

    it("shows nothing before the commit and leaves nothing after an abort", async () => {
      const store = open();
      const writer = await store.create("test");
      await writer.write(Buffer.from("half"));
      assert.deepEqual(await all(store), []);
      await writer.abort();
      assert.deepEqual([await all(store), await files()], [[], []]);
    });

    it("keeps one object for one content, also when it is written twice at once", async () => {
      const store = open();
      const keys = await Promise.all([put(store, "same"), put(store, "same"), put(store, "other")]);
      assert.equal(new Set(keys).size, 2);
      assert.equal((await all(store)).length, 2);
    });

    it("takes a finished file over", async () => {
      const store = open();
      await using scratch = await store.scratch("job 1/../x");
      const path = join(scratch.path, "out.mp4");
      await writeFile(path, "film");
      const { key } = await store.adopt("test", path);
      assert.deepEqual([await text(store, key), await readdir(scratch.path)], ["film", []]);
    });

    it("lends an object as a local file", async () => {
      const store = open();
      const key = await put(store, "film");
      await using file = await store.local(key);
      assert.ok(file);
      assert.equal(await store.local(`test/${"0".repeat(64)}`), undefined);
    });

    it("removes what exists and minds not what does not", async () => {
      const store = open();
      const key = await put(store, "x");
      await store.remove(key);
      await store.remove(key);
      assert.equal(await store.open(key), undefined);
    });

    it("takes no key it did not make (S4.1)", async () => {
      const store = open();
      for (const key of [
        "../x",
        "test/../../etc/passwd",
        "test/abc",
        `TEST/${"0".repeat(64)}`,
        `test/${"0".repeat(64)}/x`,
        "",
        "/etc/passwd",
        `test\\${"0".repeat(64)}`,
      ])
        await assert.rejects(async () => store.open(key), TypeError, key);
    });
  });

describe("a blob store on a disk that fails", () => {
  it("refuses with 507 when the disk is full, keeps what it had and goes on when there is space (F10)", async () => {
    let free = Number.MAX_SAFE_INTEGER;
    let fails = false;
    const store = onDisk({
      ...realDisk,
      freeBytes: async () => free,
      write: (file, bytes) =>
        fails ? Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })) : realDisk.write(file, bytes),
    });
    const key = await put(store, "before");
    const writer = await store.create("test");
    fails = true;
    await assert.rejects(writer.write(Buffer.from("x")), { code: "kernel.storage_full", http: 507 });
    await writer.abort();
    fails = false;
    free = 1_000;
    await assert.rejects(store.create("test"), { code: "kernel.storage_full", http: 507 });
    assert.match((await store.ready()) ?? "", /full/);
    assert.equal(await text(store, key), "before");
    free = Number.MAX_SAFE_INTEGER;
    assert.equal(await text(store, await put(store, "after")), "after");
    assert.deepEqual(
      (await files()).filter((name) => name.startsWith("upload")),
      [],
    );
  });

  it("never answers for bytes whose early sync failed, though the last one succeeds (D1)", async () => {
    let syncs = 0;
    const store = onDisk({
      ...realDisk,
      sync: (file) =>
        syncs++ === 0 ? Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })) : realDisk.sync(file),
    });
    const writer = await store.create("test");
    for (let n = 0; n < 3; n++) await writer.write(Buffer.alloc(17 * 2 ** 20));
    await assert.rejects(writer.commit(), { http: 507 });
    await writer.abort();
    assert.deepEqual([syncs, await all(store), await files()], [1, [], []]);
  });

  it("counts what others may still write as taken (F10)", async () => {
    // Room for the reserve, what one writer takes between two looks, and a little more.
    const freeBytes = async () => (64 + 16 + 8) * 2 ** 20;
    const store = onDisk({ ...realDisk, freeBytes });
    const [one, other] = [await store.create("test"), await store.create("test")];
    await assert.rejects(store.create("test"), { http: 507 });
    await one.abort();
    await (await store.create("test")).abort();
    await other.abort();
  });

  it("leaves nothing of an object that could not get its name", async () => {
    const store = onDisk({
      ...realDisk,
      rename: () => Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })),
    });
    const writer = await store.create("test");
    await writer.write(Buffer.alloc(1_000));
    await assert.rejects(writer.commit(), { http: 507 });
    await writer.abort();
    assert.deepEqual(await files(), []);
  });

  it("finds nothing where an object is removed just before it is opened", async () => {
    const store = onDisk({
      ...realDisk,
      open: (path, flags, mode) => realDisk.open(flags === "r" ? `${path}x` : path, flags, mode),
    });
    const key = await put(store, "gone");
    assert.equal(await store.open(key), undefined);
  });

  it("takes nothing more after a failed fsync, though a second one succeeds (D1)", async () => {
    let fails = true;
    const store = onDisk({
      ...realDisk,
      sync: (file) => (fails ? Promise.reject(Object.assign(new Error("io"), { code: "EIO" })) : realDisk.sync(file)),
    });
    const writer = await store.create("test");
    await writer.write(Buffer.from("x"));
    await assert.rejects(writer.commit(), { code: "kernel.storage_unavailable", http: 503 });
    fails = false;
    await assert.rejects(store.create("test"), { code: "kernel.storage_unavailable" });
    assert.ok(await store.ready());
  });

  it("makes bytes and names durable before it says so, in this order (D1)", async () => {
    const steps: string[] = [];
    const noted =
      <A extends unknown[]>(step: string, real: (...args: A) => Promise<void>) =>
      (...args: A) => {
        steps.push(step);
        return real(...args);
      };
    const store = onDisk({
      ...realDisk,
      sync: noted("sync", (file) => file.sync()),
      syncFolder: noted("syncFolder", (path) => realDisk.syncFolder(path)),
      rename: noted("rename", (from, to) => realDisk.rename(from, to)),
    });
    await put(store, "x");
    assert.deepEqual(steps, ["sync", "rename", "syncFolder"]);
  });

  it("sweeps what a dead writer left, and nothing young", async () => {
    const store = onDisk();
    const writer = await store.create("test");
    await writer.write(Buffer.from("x"));
    assert.equal(await store.sweep(60_000), 0);
    assert.equal(await store.sweep(-1), 1);
    await writer.abort();
  });
});

async function put(store: BlobStore, content: string): Promise<string> {
  const writer = await store.create("test");
  await writer.write(Buffer.from(content));
  return (await writer.commit()).key;
}
async function text(store: BlobStore, key: string): Promise<string> {
  const reader = await store.open(key);
  assert.ok(reader);
  const bytes = await reader.read(0, 1_000);
  await reader.close();
  return bytes.toString();
}
async function all(store: BlobStore): Promise<string[]> {
  const keys = [];
  for await (const { key } of store.list("test")) keys.push(key);
  return keys;
}
const files = async (): Promise<string[]> => readdir(join(folder, "tmp")).catch(() => []);
