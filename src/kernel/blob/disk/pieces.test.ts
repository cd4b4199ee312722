import assert from "node:assert/strict";
import { readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { until } from "#test/until";
import { type Disk, realDisk } from "../../environment/disk.ts";
import type { DiskBlobStore } from "./disk.ts";
import { changedAt, digestsOf, keep, onDisk, pieceNames, put, text } from "../testing.ts";

describe("pieces on a disk", () => {
  afterEach(() => fixture[Symbol.asyncDispose]());

  it("become an object by a hard link, without being copied or renamed", async () => {
    const store = await open();
    const [piece] = await keep(store, undefined, "film");
    assert.ok(piece);
    const { key } = await store.assemble("test", [piece], { knownDigests: digestsOf("film") });
    assert.equal((await stat(pathOf(piece.name))).nlink, 2);
    assert.equal(await text(store, key), "film");
    // The state after a crash: the object is there, and it is made again.
    await store.assemble("test", [piece]);
    assert.deepEqual([(await stat(pathOf(piece.name))).nlink, await fixture.leftovers()], [2, []]);
  });

  it("are copied when hard links are unsupported or a writer still has them open", async () => {
    for (const code of ["EPERM", "ENOTSUP", "EOPNOTSUPP", "EXDEV", "EMLINK"]) {
      const store = await open({ ...realDisk, link: () => Promise.reject(failed(code)) });
      const pieces = await keep(store, undefined, "film");
      const { key } = await store.assemble("test", pieces);
      assert.deepEqual([await text(store, key), await fixture.leftovers()], ["film", []]);
      await fixture[Symbol.asyncDispose]();
    }
    const store = await open();
    const writer = await store.piece();
    await writer.write(Buffer.from("film"));
    const { key } = await store.assemble("test", await writer.keep());
    await writer.write(Buffer.from("more"));
    await writer.close();
    assert.equal(await text(store, key), "film");
  });

  it("become an object with a fresh time, even if they are days old", async () => {
    const store = await open();
    const [piece] = await keep(store, undefined, "film");
    assert.ok(piece);
    const daysAgo = new Date(Date.now() - 3 * 86_400_000);
    await utimes(pathOf(piece.name), daysAgo, daysAgo);
    const { key } = await store.assemble("test", [piece]);
    assert.ok((await changedAt(store, key)) > Date.now() - 60_000);
  });

  it("are synced with their name before they are acknowledged, and so is the object's name (D1)", async () => {
    const steps: string[] = [];
    const recording =
      <A extends unknown[]>(step: string, real: (...args: A) => Promise<void>) =>
      (...args: A) => {
        steps.push(step);
        return real(...args);
      };
    const store = await open({
      ...realDisk,
      sync: recording("sync", (file) => realDisk.sync(file)),
      syncFolder: recording("syncFolder", (path) => realDisk.syncFolder(path)),
      link: recording("link", (from, to) => realDisk.link(from, to)),
      rename: recording("rename", (from, to) => realDisk.rename(from, to)),
    });
    const writer = await store.piece();
    await writer.write(Buffer.from("one"));
    await writer.keep();
    await writer.write(Buffer.from("two"));
    const pieces = await writer.keep();
    await writer.keep();
    await writer.close();
    assert.deepEqual(steps.splice(0), ["sync", "syncFolder", "sync"]);
    await store.assemble("test", pieces);
    assert.deepEqual(steps.splice(0), ["link", "rename", "syncFolder"]);
    assert.equal(await store.salvage(pieces[0]?.name ?? ""), 6);
    assert.deepEqual(steps, ["sync"]);
  });

  it("count only the bytes written before `keep` began, not those written meanwhile", async () => {
    const gates: (() => void)[] = [];
    const store = await open({
      ...realDisk,
      async sync(file) {
        await new Promise<void>((resolve) => gates.push(resolve));
        await realDisk.sync(file);
      },
    });
    const writer = await store.piece();
    await writer.write(Buffer.from("one"));
    const keeping = writer.keep();
    await until(() => gates.length === 1);
    await writer.write(Buffer.from("two"));
    gates[0]?.();
    assert.equal((await keeping)[0]?.sizeBytes, 3);
    const again = writer.keep();
    await until(() => gates.length === 2);
    gates[1]?.();
    const pieces = await again;
    await writer.close();
    assert.equal(await text(store, (await store.assemble("test", pieces)).key), "onetwo");
  });

  it("are salvaged with their uncounted bytes, and truncated to the counted length when continued", async () => {
    const store = await open();
    const writer = await store.piece();
    await writer.write(Buffer.from("kept"));
    const [piece] = await writer.keep();
    assert.ok(piece);
    // As much of it as went to the system before the writer ended.
    await writer.write(Buffer.alloc(1_000_000));
    await until(async () => Number(await store.salvage(piece.name)) > 500_000);
    await writer.close();
    assert.ok((await stat(pathOf(piece.name))).size > 500_000);
    const [again] = await keep(store, piece, "!");
    assert.deepEqual([again, (await stat(pathOf(piece.name))).size], [{ name: piece.name, sizeBytes: 5 }, 5]);
  });

  it("are not continued when they are missing or shorter than counted", async () => {
    const store = await open();
    const [piece] = await keep(store, undefined, "film");
    assert.ok(piece);
    await assert.rejects(store.piece({ ...piece, sizeBytes: 5 }), { code: "kernel.storage_unavailable" });
    await assert.rejects(store.piece({ ...piece, name: "0".repeat(32) }), { code: "kernel.storage_unavailable" });
  });

  it("refuse bytes with 507 when the disk is full, and keep the acknowledged ones (F10)", async () => {
    let fails = false;
    let freeBytes = Number.MAX_SAFE_INTEGER;
    const store = await open({
      ...realDisk,
      freeBytes: async () => freeBytes,
      write: (...args) => (fails ? Promise.reject(failed("ENOSPC")) : realDisk.write(...args)),
    });
    const writer = await store.piece();
    await writer.write(Buffer.from("kept"));
    const [piece] = await writer.keep();
    fails = true;
    await writer.write(Buffer.from(" lost"));
    await assert.rejects(writer.keep(), { http: 507 });
    fails = false;
    await assert.rejects(writer.keep(), { http: 507 }, "what was lost does not come back");
    await writer.close();
    freeBytes = 1_000;
    await assert.rejects(store.piece(piece), { http: 507 });
    await assert.rejects(store.piece(), { http: 507 });
    freeBytes = Number.MAX_SAFE_INTEGER;
    assert.ok(piece);
    assert.equal(await text(store, (await store.assemble("test", await keep(store, piece, "!"))).key), "kept!");
  });

  it("refuse bytes with 507 when the disk becomes full while they grow", async () => {
    let freeBytes = Number.MAX_SAFE_INTEGER;
    const store = await open({ ...realDisk, freeBytes: async () => freeBytes });
    const writer = await store.piece();
    await writer.write(Buffer.alloc(17 * 2 ** 20));
    freeBytes = 1_000;
    await assert.rejects(writer.write(Buffer.alloc(1)), { http: 507 });
    await writer.close();
  });

  it("reserve disk space together with the objects being written (F10)", async () => {
    const freeBytes = async () => (64 + 16 + 8) * 2 ** 20;
    const store = await open({ ...realDisk, freeBytes });
    const [object, piece] = [await store.create("test"), await store.piece()];
    await assert.rejects(store.piece(), { http: 507 });
    await object.abort();
    await (await store.piece()).close();
    await piece.close();
  });

  it("are not acknowledged after a failed sync, even if a later sync would succeed (D1)", async () => {
    let syncs = 0;
    const store = await open({
      ...realDisk,
      sync: (file) => (syncs++ === 0 ? Promise.reject(failed("ENOSPC")) : realDisk.sync(file)),
    });
    const writer = await store.piece();
    await writer.write(Buffer.from("film"));
    await assert.rejects(writer.keep(), { http: 507 });
    await assert.rejects(writer.keep(), { http: 507 });
    await writer.close();
    assert.deepEqual([syncs, await pieceNames(store)], [1, []]);
  });

  it("make the store unavailable until a restart when a sync fails with an I/O error (F5)", async () => {
    let fails = true;
    const store = await open({
      ...realDisk,
      sync: (file) => (fails ? Promise.reject(failed("EIO")) : realDisk.sync(file)),
    });
    const writer = await store.piece();
    await writer.write(Buffer.from("film"));
    await assert.rejects(writer.keep(), { http: 503 });
    await writer.close();
    fails = false;
    await assert.rejects(store.piece(), { http: 503 });
    await assert.rejects(store.create("test"), { http: 503 });
    await assert.rejects(store.salvage("0".repeat(32)), { http: 503 });
    assert.ok(await store.ready());
  });

  it("are listed without foreign folders beside them", async () => {
    const store = await open();
    const [piece] = await keep(store, undefined, "film");
    assert.ok(piece);
    await realDisk.makeFolder(join(fixture.folder, "pieces", "ab", "not-ours"));
    assert.deepEqual(await pieceNames(store), [piece.name]);
    await put(store, "x");
    assert.deepEqual((await readdir(fixture.folder)).toSorted(), ["pieces", "test", "tmp"]);
  });
});

let fixture: Awaited<ReturnType<typeof onDisk>>;
async function open(disk: Disk = realDisk): Promise<DiskBlobStore> {
  fixture = await onDisk(disk);
  return fixture.store;
}
const pathOf = (name: string): string => join(fixture.folder, "pieces", name.slice(0, 2), name);
const failed = (code: string): Error => Object.assign(new Error(code), { code });
