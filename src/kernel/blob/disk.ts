import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import type { FileHandle } from "node:fs/promises";
import type { Disk } from "../disk.ts";
import { StorageFull, StorageUnavailable } from "../errors.ts";
import type { Failpoints } from "../failpoint.ts";
import { EarlySync } from "./early-sync.ts";
import {
  assertKey,
  isKey,
  type BlobReader,
  type BlobStore,
  type BlobWriter,
  type LocalFile,
  type StoredBlob,
} from "./port.ts";

interface DiskBlobParts {
  readonly folder: string;
  readonly disk: Disk;
  readonly failpoints: Failpoints;
  readonly now: () => number;
}

/** Kept free for the database and for recovery: writes are refused before the disk is really full. */
const reserveBytes = 64 * 2 ** 20;
/** How many bytes a writer takes between two looks at the free space, and between two requests to make them durable. */
const lookEveryBytes = 16 * 2 ** 20;
const full = ["ENOSPC", "EDQUOT"];

/**
 * Objects as files: `<folder>/<space>/ab/cd/<sha256>`, written to `<folder>/tmp` and renamed when they are durable
 * (reliability D1). After a failed fsync the store takes nothing more until the process starts again: what the
 * operating system then says about earlier writes can no longer be believed.
 */
export class DiskBlobStore implements BlobStore {
  readonly #parts: DiskBlobParts;
  #broken: unknown;
  /** Each may write {@link lookEveryBytes} before it looks again. */
  #writers = 0;

  constructor(parts: DiskBlobParts) {
    this.#parts = parts;
  }

  async create(space: string): Promise<BlobWriter> {
    await this.#assertRoom(1);
    const { disk } = this.#parts;
    const path = await this.#temporary("upload");
    const file = await this.#guard(() => disk.open(path, "wx", 0o600));
    this.#writers += 1;
    const hash = createHash("sha256");
    let sizeBytes = 0;
    let looked = 0;
    let open = true;
    let isKept = false;
    const early = new EarlySync(() => this.#sync(file));
    const close = async () => {
      await early.idle();
      if (!open) return;
      open = false;
      this.#writers -= 1;
      await file.close();
    };
    return {
      write: async (bytes) => {
        if (sizeBytes - looked > lookEveryBytes) {
          looked = sizeBytes;
          await this.#assertRoom();
          early.begin();
        }
        await this.#guard(() => disk.write(file, bytes));
        hash.update(bytes);
        sizeBytes += bytes.byteLength;
      },
      commit: async () => {
        await early.ended();
        await this.#sync(file);
        await close();
        const stored = await this.#publish(space, path, hash.digest("hex"), sizeBytes);
        isKept = true;
        return stored;
      },
      abort: async () => {
        if (isKept) return;
        await close();
        await disk.remove(path);
      },
    };
  }

  async adopt(space: string, path: string): Promise<StoredBlob> {
    const { disk } = this.#parts;
    const file = await this.#guard(() => disk.open(path, "r+"));
    // Nobody writes to it any more, so the disk can take it while it is read.
    const [hashed, synced] = await Promise.allSettled([hashOf(file), this.#sync(file)]);
    await file.close();
    if (synced.status === "rejected") throw synced.reason;
    if (hashed.status === "rejected") throw mapped(hashed.reason);
    const { sha256, sizeBytes } = hashed.value;
    return this.#publish(space, path, sha256, sizeBytes);
  }

  async open(key: string): Promise<BlobReader | undefined> {
    const { disk } = this.#parts;
    const path = this.#path(key);
    const found = await disk.stat(path);
    if (!found) return undefined;
    // Removed between the two steps, it is as absent as if it had been gone before.
    const file = await this.#guard(() => disk.open(path, "r").catch(unlessMissing));
    if (!file) return undefined;
    return {
      sizeBytes: found.sizeBytes,
      changedAtMs: found.changedAtMs,
      async read(position, length) {
        const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, found.sizeBytes - position)));
        let done = 0;
        while (done < buffer.byteLength) {
          const { bytesRead } = await file.read(buffer, done, buffer.byteLength - done, position + done);
          // Shorter than its own record says: better no answer than a short one.
          if (bytesRead === 0) throw StorageUnavailable({}, new Error("a stored object is shorter than it was"));
          done += bytesRead;
        }
        return buffer;
      },
      close: () => file.close(),
    };
  }

  async local(key: string): Promise<LocalFile | undefined> {
    const path = this.#path(key);
    if (!(await this.#parts.disk.stat(path))) return undefined;
    return { path, [Symbol.asyncDispose]: async () => undefined };
  }

  async remove(key: string): Promise<void> {
    await this.#parts.disk.remove(this.#path(key));
  }

  async *list(space: string): AsyncIterable<{ key: string; changedAtMs: number }> {
    const { disk, folder } = this.#parts;
    for (const first of await disk.list(join(folder, space)))
      for (const second of await disk.list(join(folder, space, first)))
        for (const sha256 of await disk.list(join(folder, space, first, second))) {
          // What somebody else put there is not ours to look at.
          if (!isKey(`${space}/${sha256}`)) continue;
          const found = await disk.stat(join(folder, space, first, second, sha256));
          if (found) yield { key: `${space}/${sha256}`, changedAtMs: found.changedAtMs };
        }
  }

  async scratch(name: string): Promise<LocalFile> {
    const { disk } = this.#parts;
    const path = await this.#temporary(name.replaceAll(/[^a-z0-9-]/gi, "-"));
    await this.#guard(() => disk.makeFolder(path));
    return { path, [Symbol.asyncDispose]: () => disk.remove(path) };
  }

  async sweep(olderThanMs: number): Promise<number> {
    const { disk, folder, now } = this.#parts;
    let removed = 0;
    for (const name of await disk.list(join(folder, "tmp"))) {
      const path = join(folder, "tmp", name);
      const found = await disk.stat(path);
      if (!found || now() - found.changedAtMs < olderThanMs) continue;
      await disk.remove(path);
      removed += 1;
    }
    return removed;
  }

  async ready(): Promise<string | undefined> {
    if (this.#broken !== undefined) return "the disk failed to keep what was written: check it, then start again";
    const { disk, folder } = this.#parts;
    try {
      await disk.makeFolder(folder);
    } catch {
      return "the folder for files cannot be written";
    }
    const free = await disk.freeBytes(folder);
    return free < reserveBytes ? "the disk is full: uploads are refused until there is space again" : undefined;
  }

  #path(key: string): string {
    assertKey(key);
    const [space = "", sha256 = ""] = key.split("/");
    return join(this.#parts.folder, space, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  async #temporary(name: string): Promise<string> {
    const folder = join(this.#parts.folder, "tmp");
    await this.#guard(() => this.#parts.disk.makeFolder(folder));
    return join(folder, `${name}-${randomBytes(8).toString("hex")}`);
  }

  async #publish(space: string, temporary: string, sha256: string, sizeBytes: number): Promise<StoredBlob> {
    const { disk, failpoints } = this.#parts;
    const key = `${space}/${sha256}`;
    const path = this.#path(key);
    const parent = join(path, "..");
    await failpoints.hit("blob.before_rename");
    await this.#guard(() => disk.makeFolder(parent));
    await this.#guard(() => disk.rename(temporary, path));
    await failpoints.hit("blob.after_rename");
    await this.#durable(() => disk.syncFolder(parent));
    await failpoints.hit("blob.after_sync");
    return { key, sha256, sizeBytes };
  }

  /** @param more writers that are about to begin. */
  async #assertRoom(more = 0): Promise<void> {
    const { disk, folder } = this.#parts;
    if (this.#broken !== undefined) throw StorageUnavailable({}, this.#broken);
    await this.#guard(() => disk.makeFolder(folder));
    const taken = (this.#writers + more - 1) * lookEveryBytes;
    if ((await disk.freeBytes(folder)) - taken < reserveBytes) throw StorageFull({});
  }

  #sync(file: FileHandle): Promise<void> {
    return this.#durable(() => this.#parts.disk.sync(file));
  }

  async #durable(sync: () => Promise<void>): Promise<void> {
    try {
      await sync();
    } catch (error) {
      if (!isFull(error)) this.#broken = error;
      throw mapped(error);
    }
  }

  async #guard<R>(work: () => Promise<R>): Promise<R> {
    if (this.#broken !== undefined) throw StorageUnavailable({}, this.#broken);
    try {
      return await work();
    } catch (error) {
      throw mapped(error);
    }
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");
const isFull = (error: unknown): boolean => full.includes(codeOf(error));
function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}
const mapped = (error: unknown) => (isFull(error) ? StorageFull({}, error) : StorageUnavailable({}, error));

async function hashOf(file: FileHandle): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(2 ** 20);
  let sizeBytes = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, sizeBytes);
    if (bytesRead === 0) return { sha256: hash.digest("hex"), sizeBytes };
    hash.update(buffer.subarray(0, bytesRead));
    sizeBytes += bytesRead;
  }
}
