import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { type Disk, realDisk } from "../../environment/disk.ts";
import type { DiskBlobStore } from "./disk.ts";
import { all, onDisk, put, text } from "../testing.ts";

describe("a blob store on a failing disk", () => {
  afterEach(() => fixture[Symbol.asyncDispose]());

  it("refuses writes with 507 when the disk is full, keeps its objects, and resumes when there is space (F10)", async () => {
    let free = Number.MAX_SAFE_INTEGER;
    let fails = false;
    const store = await open({
      ...realDisk,
      freeBytes: async () => free,
      write: (file, bytes) =>
        fails ? Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })) : realDisk.write(file, bytes),
    });
    const key = await put(store, "before");
    const writer = await store.create("test");
    fails = true;
    await writer.write(Buffer.from("x"));
    await assert.rejects(writer.commit(), { code: "kernel.storage_full", http: 507 });
    await writer.abort();
    fails = false;
    free = 1_000;
    await assert.rejects(store.create("test"), { code: "kernel.storage_full", http: 507 });
    assert.match((await store.ready())?.reason ?? "", /full/);
    assert.equal(await text(store, key), "before");
    free = Number.MAX_SAFE_INTEGER;
    assert.equal(await text(store, await put(store, "after")), "after");
    assert.deepEqual(
      (await fixture.leftovers()).filter((name) => name.startsWith("upload")),
      [],
    );
  });

  it("refuses a commit after a failed early sync, even if the last sync would succeed (D1)", async () => {
    let syncs = 0;
    const store = await open({
      ...realDisk,
      sync: (file) =>
        syncs++ === 0 ? Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })) : realDisk.sync(file),
    });
    const writer = await store.create("test");
    for (let n = 0; n < 3; n++) await writer.write(Buffer.alloc(17 * 2 ** 20));
    await assert.rejects(writer.commit(), { http: 507 });
    await writer.abort();
    assert.deepEqual([syncs, await all(store), await fixture.leftovers()], [1, [], []]);
  });

  it("counts the space that open writers may still use as taken (F10)", async () => {
    // Room for the reserve, what one writer takes between two looks, and a little more.
    const freeBytes = async () => (64 + 16 + 8) * 2 ** 20;
    const store = await open({ ...realDisk, freeBytes });
    const [one, other] = [await store.create("test"), await store.create("test")];
    await assert.rejects(store.create("test"), { http: 507 });
    await one.abort();
    await (await store.create("test")).abort();
    await other.abort();
  });

  it("leaves nothing behind when the rename to the object's name fails", async () => {
    const store = await open({
      ...realDisk,
      rename: () => Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })),
    });
    const writer = await store.create("test");
    await writer.write(Buffer.alloc(1_000));
    await assert.rejects(writer.commit(), { http: 507 });
    await writer.abort();
    assert.deepEqual(await fixture.leftovers(), []);
  });

  it("returns undefined when an object is removed just before it is opened", async () => {
    const store = await open({
      ...realDisk,
      open: (path, flags, mode) => realDisk.open(flags === "r" ? `${path}x` : path, flags, mode),
    });
    const key = await put(store, "gone");
    assert.equal(await store.open(key), undefined);
  });

  it("accepts no writes after a failed fsync, even if a later one would succeed (D1)", async () => {
    let fails = true;
    const store = await open({
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

  it("syncs the bytes, renames the file, then syncs the folder before it acknowledges (D1)", async () => {
    const steps: string[] = [];
    const recording =
      <A extends unknown[]>(step: string, real: (...args: A) => Promise<void>) =>
      (...args: A) => {
        steps.push(step);
        return real(...args);
      };
    const store = await open({
      ...realDisk,
      sync: recording("sync", (file) => file.sync()),
      syncFolder: recording("syncFolder", (path) => realDisk.syncFolder(path)),
      rename: recording("rename", (from, to) => realDisk.rename(from, to)),
    });
    await put(store, "x");
    assert.deepEqual(steps, ["sync", "rename", "syncFolder"]);
  });

  it("sweeps old files of dead writers, but no recent ones", async () => {
    const store = await open();
    const writer = await store.create("test");
    await writer.write(Buffer.from("x"));
    assert.equal(await store.sweep(60_000), 0);
    assert.equal(await store.sweep(-1), 1);
    await writer.abort();
  });
});

let fixture: Awaited<ReturnType<typeof onDisk>>;
async function open(disk: Disk = realDisk): Promise<DiskBlobStore> {
  fixture = await onDisk(disk);
  return fixture.store;
}
