import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { BlobReader } from "#kernel";
import { StorageUnavailable } from "#kernel/errors";
import { onDisk } from "#kernel/blob/testing";
import { SharedReaders } from "./shared-readers.ts";

describe("shared readers", () => {
  beforeEach(async () => {
    disk = await onDisk();
    objects = new SharedReaders(disk.store);
    open.clear();
    opened = 0;
    const openNow = disk.store.open.bind(disk.store);
    disk.store.open = async (key) => {
      const reader = await openNow(key);
      if (!reader) return undefined;
      opened += 1;
      open.add(reader);
      const close = async () => {
        assert.ok(open.delete(reader), "it is closed once");
        await reader.close();
      };
      return { ...reader, close };
    };
    mock.timers.enable({ apis: ["setTimeout"] });
  });
  afterEach(async () => {
    mock.timers.reset();
    mock.restoreAll();
    await objects.close();
    assert.equal(open.size, 0);
    await disk[Symbol.asyncDispose]();
  });

  it("open an object once for twenty clients, and close it after two seconds when the last has finished", async () => {
    const film = await stored("film");
    const readers = await Promise.all(Array.from({ length: 20 }, () => objects.open(film)));
    await readers[0]?.close();
    mock.timers.tick(2_000);
    assert.deepEqual([opened, open.size], [1, 1]);
    for (const reader of readers.slice(1)) {
      assert.equal((await reader?.read(1, 2))?.toString(), "il");
      await reader?.close();
    }
    assert.equal(open.size, 0);
    await (await objects.open(film))?.close();
    assert.equal(opened, 2);
  });

  it("keep at most sixty-four objects open, and let evicted ones be read to their end", async () => {
    const [first, ...others] = await Promise.all(Array.from({ length: 70 }, (_, i) => stored(`film ${i}`)));
    assert.ok(first);
    const reader = await objects.open(first);
    for (const other of others) await (await objects.open(other))?.close();
    assert.equal((await reader?.read(0, 6))?.toString(), "film 0");
    await reader?.close();
    assert.equal(open.size, 64);
  });

  it("R5: report a quarantined object, and open it again after it was stored again", async () => {
    const film = await stored("film");
    let elapsedMs = 0;
    mock.method(performance, "now", () => elapsedMs);
    const reader = await objects.open(film);
    await disk.store.quarantine.put(film.key);
    elapsedMs += 1_001;
    const damaged = { code: "kernel.object_damaged" };
    await assert.rejects(async () => reader?.read(0, 4), damaged);
    await reader?.close();
    await assert.rejects(objects.open(film), damaged);
    await assert.rejects(objects.open({ ...film, sizeBytes: 5 }), damaged);
    await stored("film");
    const again = await objects.open(film);
    assert.equal((await again?.read(0, 4))?.toString(), "film");
    await again?.close();
  });

  it("open an object again after a failure", async () => {
    const film = await stored("film");
    const openNow = disk.store.open.bind(disk.store);
    disk.store.open = () => Promise.reject(StorageUnavailable({}));
    await assert.rejects(objects.open(film), { code: "kernel.storage_unavailable" });
    disk.store.open = async () => undefined;
    await assert.rejects(objects.open(film), { code: "kernel.object_damaged" });
    disk.store.open = openNow;
    await (await objects.open(film))?.close();
    assert.equal(opened, 1);
  });
});

const open = new Set<BlobReader>();
let opened: number;
let disk: Awaited<ReturnType<typeof onDisk>>;
let objects: SharedReaders;

async function stored(content: string): Promise<{ key: string; sizeBytes: number }> {
  const writer = await disk.store.create("media");
  await writer.write(Buffer.from(content));
  return writer.commit();
}
