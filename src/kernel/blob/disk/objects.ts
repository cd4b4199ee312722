import { randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StorageUnavailable } from "../../errors.ts";
import type { Failpoints } from "../../environment/failpoint.ts";
import type { BlockChecksums } from "../block-checksums.ts";
import { Checksums } from "../checksums.ts";
import { Digest, type Digests } from "../digest.ts";
import { inFolder, storageErrorOf, type Medium, unlessMissing } from "./medium.ts";
import { DiskQuarantine } from "./quarantine.ts";
import { GrowingFile } from "./growing-file.ts";
import {
  assertKey,
  isKey,
  type BlobReader,
  type BlobWriter,
  type Listed,
  type OtherHash,
  type StoredBlob,
} from "../port.ts";

const chunkBytes = 2 ** 20;
/** How long a reader may go on with an object that was set aside meanwhile. */
const lookAgainMs = 1_000;

/**
 * Objects as files: `<folder>/<space>/ab/cd/<sha256>`, written to `<folder>/tmp` and renamed when they are durable
 * (reliability D1).
 */
export class DiskObjects {
  readonly #medium: Medium;
  readonly #failpoints: Failpoints;
  readonly #now: () => number;
  readonly quarantine: DiskQuarantine;
  readonly #checksums: Checksums;

  constructor(medium: Medium, failpoints: Failpoints, now: () => number) {
    this.#medium = medium;
    this.#failpoints = failpoints;
    this.#now = now;
    const parts = { medium, now, pathOf: (key: string) => this.#path(key), read: (path: string) => this.#read(path) };
    this.quarantine = new DiskQuarantine(parts);
    this.#checksums = new Checksums({
      read: (key) => this.#readChecksums(key),
      write: (key, bytes) => this.#writeChecksums(key, bytes),
    });
  }

  /** @param expected the SHA-256 the bytes must turn out to have. */
  async create(space: string, also?: readonly OtherHash[], expected?: string): Promise<BlobWriter> {
    const { disk } = this.#medium;
    const path = await this.temporary("upload");
    const file = await this.#begin(path);
    const digest = new Digest(also);
    let isKept = false;
    return {
      write: async (bytes) => {
        await file.write(bytes);
        digest.update(bytes);
      },
      commit: async () => {
        await file.sync();
        await file.close();
        const digests = digest.result();
        if (expected !== undefined && digests.sha256 !== expected)
          throw StorageUnavailable({}, new Error("the bytes that were kept are not those that came"));
        const stored = await this.publish(space, path, { digests, checksums: digest.checksums() });
        isKept = true;
        return stored;
      },
      abort: async () => {
        if (isKept) return;
        await file.close();
        await disk.remove(path);
      },
    };
  }

  async adopt(space: string, path: string): Promise<StoredBlob> {
    const medium = this.#medium;
    const file = await medium.guard(() => medium.disk.open(path, "r+"));
    // Nobody writes to it any more, so the disk can take it while it is read.
    const [hashed, synced] = await Promise.allSettled([medium.guard(() => hashedFile(file)), medium.sync(file)]);
    await file.close();
    if (synced.status === "rejected") throw synced.reason;
    if (hashed.status === "rejected") throw hashed.reason;
    return this.publish(space, path, hashed.value);
  }

  async open(key: string): Promise<BlobReader | undefined> {
    const openedAtMs = this.#now();
    const stored = await this.#read(this.#path(key));
    if (!stored) {
      await this.quarantine.assertNone(key);
      return undefined;
    }
    const reader = this.#checksums.comparingReader(key, stored);
    let lookedAtMs = performance.now();
    return {
      ...reader,
      read: async (position, length, into) => {
        // An open file outlives its name: a long read must still notice its damage.
        if (performance.now() - lookedAtMs > lookAgainMs) {
          await this.quarantine.assertNone(key, openedAtMs);
          lookedAtMs = performance.now();
        }
        return reader.read(position, length, into);
      },
    };
  }

  async #read(path: string): Promise<BlobReader | undefined> {
    const { disk } = this.#medium;
    const stats = await disk.stat(path);
    if (!stats) return undefined;
    // Removed between the two steps, it is as absent as if it had been removed before.
    const file = await this.#medium.guard(() => disk.open(path, "r").catch(unlessMissing));
    if (!file) return undefined;
    return {
      sizeBytes: stats.sizeBytes,
      changedAtMs: stats.changedAtMs,
      read: (position, length, into) =>
        readWhole(file, position, Math.max(0, Math.min(length, stats.sizeBytes - position)), into),
      close: () => file.close(),
    };
  }

  /** Reads an object to its end; undefined where there is none. @throws ObjectDamaged where it was set aside */
  async examine(key: string, passed?: (sizeBytes: number) => Promise<void>): Promise<"sound" | "damaged" | undefined> {
    const reader = await this.#read(this.#path(key));
    if (!reader) {
      await this.quarantine.assertNone(key);
      return undefined;
    }
    try {
      return await this.#checksums.examine(key, reader, passed);
    } finally {
      await reader.close();
    }
  }

  /** The path of an object that exists. All of it is compared, as readers of the path compare nothing. */
  async find(key: string): Promise<string | undefined> {
    const path = this.#path(key);
    const reader = await this.#read(path);
    if (!reader) {
      await this.quarantine.assertNone(key);
      return undefined;
    }
    try {
      await this.#checksums.assertSound(key, reader);
      return path;
    } finally {
      await reader.close();
    }
  }

  async remove(key: string): Promise<void> {
    await this.#medium.disk.remove(this.#path(key));
    await this.#medium.disk.remove(this.#checksumsPath(key));
    await this.quarantine.drop(key);
  }

  async *list(space: string): AsyncIterable<Listed> {
    const { disk, folder } = this.#medium;
    for (const first of await disk.list(join(folder, space)))
      for (const second of await disk.list(join(folder, space, first)))
        for (const sha256 of await disk.list(join(folder, space, first, second))) {
          // A foreign file is not ours to look at.
          if (!isKey(`${space}/${sha256}`)) continue;
          const stats = await disk.stat(join(folder, space, first, second, sha256));
          if (!stats) continue;
          const { sizeBytes, changedAtMs } = stats;
          yield { key: `${space}/${sha256}`, sizeBytes, changedAtMs };
        }
  }

  /** A new name in the folder that is swept. */
  async temporary(name: string): Promise<string> {
    const folder = join(this.#medium.folder, "tmp");
    await this.#medium.guard(() => this.#medium.disk.makeFolder(folder));
    return join(folder, `${name}-${randomBytes(8).toString("hex")}`);
  }

  /** Gives a durable file its name as an object, over the one that may be there: that renews its time. */
  async publish(space: string, temporary: string, { digests, checksums }: Hashed): Promise<StoredBlob> {
    const medium = this.#medium;
    const key = `${space}/${digests.sha256}`;
    const path = this.#path(key);
    const parent = dirname(path);
    await this.#failpoints.hit("blob.before_rename");
    await medium.guard(() => medium.disk.makeFolder(parent));
    await medium.guard(() => medium.disk.rename(temporary, path));
    await this.#failpoints.hit("blob.after_rename");
    await medium.syncFolder(parent);
    await this.#failpoints.hit("blob.after_sync");
    await this.#checksums.store(key, checksums);
    return { key, sizeBytes: checksums.sizeBytes, ...digests };
  }

  async #readChecksums(key: string): Promise<Buffer | undefined> {
    const { disk } = this.#medium;
    try {
      await using file = await disk.open(this.#checksumsPath(key), "r");
      return await file.readFile();
    } catch {
      // Unreadable checksums are computed again.
      return undefined;
    }
  }

  /** Without fsync: after a power cut they are missing or damaged, and computed again. */
  async #writeChecksums(key: string, bytes: Buffer): Promise<void> {
    const { disk } = this.#medium;
    const path = this.#checksumsPath(key);
    const temporary = await this.temporary("checksums");
    try {
      await using file = await disk.open(temporary, "wx", 0o600);
      await disk.write(file, bytes);
      await inFolder(disk, dirname(path), () => disk.rename(temporary, path));
    } catch (error) {
      await disk.remove(temporary);
      throw error;
    }
  }

  async #begin(path: string): Promise<GrowingFile> {
    await this.#medium.enter();
    try {
      return new GrowingFile(this.#medium, await this.#medium.guard(() => this.#medium.disk.open(path, "wx", 0o600)));
    } catch (error) {
      this.#medium.leave();
      throw error;
    }
  }

  #path(key: string): string {
    assertKey(key);
    return join(this.#medium.folder, ...placeOf(key));
  }

  #checksumsPath(key: string): string {
    assertKey(key);
    return join(this.#medium.folder, "checksums", ...placeOf(key));
  }
}

/** The folders and the name of an object, within those of its kind. */
export function placeOf(key: string): string[] {
  const [space = "", sha256 = ""] = key.split("/");
  return [space, sha256.slice(0, 2), sha256.slice(2, 4), sha256];
}

/** The digests and checksums that were computed while the bytes of an object passed. */
export interface Hashed {
  readonly digests: Digests;
  readonly checksums: BlockChecksums;
}

/** `length` bytes from `position`, `into` what has room for them. @throws StorageUnavailable where the file has fewer */
export async function readWhole(
  file: FileHandle,
  position: number,
  length: number,
  into: Buffer = Buffer.alloc(0),
): Promise<Buffer> {
  const buffer = into.byteLength < length ? Buffer.allocUnsafe(length) : into.subarray(0, length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done).catch((error: unknown) => {
      throw storageErrorOf(error);
    });
    // Shorter than its own record says: better no answer than a short one.
    if (bytesRead === 0) throw StorageUnavailable({}, new Error("what was stored is shorter than it was"));
    done += bytesRead;
  }
  return buffer;
}

/** Reads a file to its end. */
export async function hashedFile(file: FileHandle, also?: readonly OtherHash[]): Promise<Hashed> {
  const digest = new Digest(also);
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, at);
    if (bytesRead === 0) return { digests: digest.result(), checksums: digest.checksums() };
    digest.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}
