import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Disk } from "../../environment/disk.ts";
import { ObjectDamaged, StorageFull, StorageUnavailable } from "../../errors.ts";
import type { Failpoints } from "../../environment/failpoint.ts";
import { mapConcurrently } from "../concurrency.ts";
import type { BlockChecksums } from "../block-checksums.ts";
import { BytesDiffer, Checksums } from "../checksums.ts";
import { Digest, type Digests } from "../digest.ts";
import { storageErrorOf, reserveBytes } from "../disk/medium.ts";
import { type Hashed, hashedFile, readWhole } from "../disk/objects.ts";
import {
  assertKey,
  type BlobReader,
  type BlobStore,
  type BlobWriter,
  type LocalFile,
  type OtherHash,
  type StoredBlob,
} from "../port.ts";
import { isRefused, type Part, type S3Bucket, type Span } from "./bucket.ts";
import { partsOf } from "./plan.ts";
import { S3Quarantine } from "./quarantine.ts";
import { openReader } from "./reader.ts";
import { S3Upload } from "./upload.ts";

/** The most a server copies in one request. */
const copyBytesMax = 5 * 2 ** 30;
/** The least it copies as a part. */
const copyBytesMin = 5 * 2 ** 20;
/** How many parts are put together at a time; those that are read have some megabytes each. */
const partsAtOnce = 6;
const chunkBytes = 2 ** 20;

interface S3ObjectParts {
  readonly bucket: S3Bucket;
  /** Folders on the local disk. */
  readonly nearby: Pick<BlobStore, "scratch">;
  readonly disk: Disk;
  readonly failpoints: Failpoints;
}

/**
 * Objects at `<space>/<sha256>`. The key is the hash, which is known at the end: until then bytes that are too many for
 * one request are at `tmp/…`, and the server copies them.
 */
export class S3Objects {
  readonly #parts: S3ObjectParts;
  /** Objects that are here as files now, and how many use each. */
  readonly #lent = new Map<string, { users: number; readonly file: Promise<LocalFile | undefined> }>();

  readonly quarantine: S3Quarantine;
  readonly #checksums: Checksums;

  constructor(parts: S3ObjectParts) {
    this.#parts = parts;
    const { bucket } = parts;
    this.quarantine = new S3Quarantine({ bucket, copy: (spans, to) => this.copy(spans, to) });
    this.#checksums = new Checksums({
      read: (key) => wholeOf(bucket, checksumsPath(key)),
      write: (key, bytes) => bucket.put(checksumsPath(key), bytes),
    });
  }

  /** @param expected the SHA-256 the bytes must turn out to have. */
  async create(space: string, also?: readonly OtherHash[], expected?: string): Promise<BlobWriter> {
    const { bucket, failpoints } = this.#parts;
    const temporary = `tmp/${randomBytes(16).toString("hex")}`;
    const upload = new S3Upload(bucket, temporary);
    const digest = new Digest(also);
    let sizeBytes = 0;
    let isOver = false;
    return {
      write: async (bytes) => {
        digest.update(bytes);
        sizeBytes += bytes.byteLength;
        await upload.write(bytes);
      },
      commit: async () => {
        const digests = digest.result();
        if (expected !== undefined && digests.sha256 !== expected)
          throw StorageUnavailable({}, new Error("the bytes that were kept are not those that came"));
        const key = keyOf(space, digests);
        await failpoints.hit("blob.before_rename");
        const isBegun = upload.isBegun;
        await upload.end(isBegun ? temporary : key);
        if (isBegun) await this.copy([{ key: temporary, from: 0, length: sizeBytes }], key);
        const stored = await this.finishStored(key, digests, sizeBytes, digest.checksums());
        isOver = true;
        // The object is stored; a temporary object that cannot be removed now is swept later.
        if (isBegun) await bucket.remove(temporary).catch(() => undefined);
        return stored;
      },
      abort: async () => {
        if (isOver) return;
        isOver = true;
        const isBegun = upload.isBegun;
        await upload.abort();
        if (isBegun) await bucket.remove(temporary).catch(() => undefined);
      },
    };
  }

  async adopt(space: string, path: string): Promise<StoredBlob> {
    const { disk } = this.#parts;
    const { digests, checksums } = await this.#sendFile(space, path).catch((error: unknown) => {
      throw storageErrorOf(error);
    });
    const stored = await this.finishStored(keyOf(space, digests), digests, checksums.sizeBytes, checksums);
    await disk.remove(path);
    return stored;
  }

  async open(key: string): Promise<BlobReader | undefined> {
    assertKey(key);
    const reader = await this.#open(key);
    return reader && this.#checksums.comparingReader(key, reader);
  }

  /** Reads an object to its end; undefined where there is none. @throws ObjectDamaged where it was set aside */
  async examine(key: string, passed?: (sizeBytes: number) => Promise<void>): Promise<"sound" | "damaged" | undefined> {
    assertKey(key);
    const reader = await this.#open(key);
    if (!reader) return undefined;
    try {
      return await this.#checksums.examine(key, reader, passed);
    } finally {
      await reader.close();
    }
  }

  /** Opens an object without comparing its bytes with their checksums. */
  async #open(key: string): Promise<BlobReader | undefined> {
    const reader = await openReader(this.#parts.bucket, key);
    if (!reader) await this.quarantine.assertNone(key);
    return reader;
  }

  /** The object as a file, which all who ask at a time share. */
  async local(key: string): Promise<LocalFile | undefined> {
    assertKey(key);
    const lent = this.#lent.get(key) ?? { users: 0, file: this.#download(key) };
    this.#lent.set(key, lent);
    lent.users += 1;
    const giveBack = async () => {
      lent.users -= 1;
      if (lent.users > 0) return;
      if (this.#lent.get(key) === lent) this.#lent.delete(key);
      await (await lent.file)?.[Symbol.asyncDispose]();
    };
    const file = await lent.file.catch((error: unknown) => {
      if (this.#lent.get(key) === lent) this.#lent.delete(key);
      throw error;
    });
    if (!file) await giveBack();
    let isMine = true;
    return (
      file && {
        path: join(file.path, "object"),
        async [Symbol.asyncDispose]() {
          if (!isMine) return;
          isMine = false;
          await giveBack();
        },
      }
    );
  }

  async remove(key: string): Promise<void> {
    assertKey(key);
    const { bucket } = this.#parts;
    await Promise.all([bucket.remove(key), bucket.remove(checksumsPath(key)), this.quarantine.drop(key)]);
  }

  /** Makes one object of stretches of others, at the server where it can. */
  async copy(spans: readonly Span[], to: string): Promise<void> {
    const { bucket } = this.#parts;
    const sizeBytes = spans.reduce((sum, { length }) => sum + length, 0);
    const [only, ...more] = spans;
    const isWhole = only !== undefined && more.length === 0 && only.from === 0;
    const isOneRequest = isWhole && sizeBytes <= copyBytesMax && (await bucket.head(only.key))?.sizeBytes === sizeBytes;
    try {
      if (isOneRequest) await bucket.copy(only.key, to);
      else await this.#copyParts(spans, to);
    } catch (error) {
      // Not every server copies parts, nor takes parts that differ in length.
      if (!isRefused(error)) throw error;
      await this.#copyThroughHere(spans, sizeBytes, to);
    }
  }

  /** The bytes of stretches, in order. */
  async *bytesOf(spans: readonly Span[]): AsyncIterable<Buffer> {
    for (const { key, from, length } of spans)
      for (let done = 0; done < length; done += chunkBytes * 8) {
        const bytes = Buffer.allocUnsafe(Math.min(chunkBytes * 8, length - done));
        if (!(await this.#parts.bucket.read({ key, from: from + done, length: bytes.byteLength }, bytes)))
          throw StorageUnavailable({}, new Error("what was to become an object is gone"));
        yield bytes;
      }
  }

  /**
   * The record of a finished object, once the store confirms that it has it whole. Without `checksums` of what passed here,
   * its first reader computes them.
   */
  async finishStored(
    key: string,
    digests: Digests,
    sizeBytes: number,
    checksums?: BlockChecksums,
  ): Promise<StoredBlob> {
    const { bucket, failpoints } = this.#parts;
    await failpoints.hit("blob.after_rename");
    if ((await bucket.head(key))?.sizeBytes !== sizeBytes)
      throw StorageUnavailable({}, new Error("the store does not have what it said it took"));
    await failpoints.hit("blob.after_sync");
    if (checksums) await this.#checksums.store(key, checksums);
    return { key, sizeBytes, ...digests };
  }

  async #copyParts(spans: readonly Span[], to: string): Promise<void> {
    const { bucket } = this.#parts;
    const uploadId = await bucket.begin(to);
    try {
      const parts = await mapConcurrently(partsAtOnce, partsOf(spans), async (part, index): Promise<Part> => {
        const isCopied = part.length === 1 && part[0].length >= copyBytesMin;
        if (isCopied) return bucket.partCopy(to, uploadId, index + 1, part[0]);
        return bucket.part(to, uploadId, index + 1, Buffer.concat(await Array.fromAsync(this.bytesOf(part))));
      });
      await bucket.complete(to, uploadId, parts);
    } catch (error) {
      await bucket.abort(to, uploadId).catch(() => undefined);
      throw error;
    }
  }

  async #copyThroughHere(spans: readonly Span[], sizeBytes: number, to: string): Promise<void> {
    const upload = new S3Upload(this.#parts.bucket, to, sizeBytes);
    try {
      for await (const bytes of this.bytesOf(spans)) await upload.write(bytes);
      await upload.end();
    } finally {
      await upload.abort();
    }
  }

  async #sendFile(space: string, path: string): Promise<Hashed> {
    const { bucket, disk, failpoints } = this.#parts;
    await using file = await disk.open(path, "r");
    const source = await hashedFile(file);
    const { sizeBytes } = source.checksums;
    const upload = new S3Upload(bucket, keyOf(space, source.digests), sizeBytes);
    try {
      for (let at = 0; at < sizeBytes; at += chunkBytes)
        await upload.write(await readWhole(file, at, Math.min(chunkBytes, sizeBytes - at)));
      await failpoints.hit("blob.before_rename");
      await upload.end();
    } finally {
      await upload.abort();
    }
    return source;
  }

  async #download(key: string): Promise<LocalFile | undefined> {
    const { disk, nearby } = this.#parts;
    const object = await this.#open(key);
    if (!object) return undefined;
    const folder = await nearby.scratch("object");
    try {
      if ((await disk.freeBytes(folder.path)) - object.sizeBytes < reserveBytes) throw StorageFull({});
      await using file = await disk.open(join(folder.path, "object"), "wx", 0o600);
      const digest = new Digest();
      for (let at = 0; at < object.sizeBytes; at += chunkBytes * 8) {
        const bytes = await object.read(at, chunkBytes * 8);
        digest.update(bytes);
        await disk.write(file, bytes);
      }
      if (digest.result().sha256 !== key.split("/")[1])
        throw ObjectDamaged({}, new BytesDiffer("the bytes of an object are not those that were stored"));
      await this.#checksums.store(key, digest.checksums());
      return folder;
    } catch (error) {
      await folder[Symbol.asyncDispose]();
      throw storageErrorOf(error);
    } finally {
      await object.close();
    }
  }
}

function checksumsPath(key: string): string {
  assertKey(key);
  return `checksums/${key}`;
}

async function wholeOf(bucket: S3Bucket, key: string): Promise<Buffer | undefined> {
  const length = (await bucket.head(key))?.sizeBytes;
  if (length === undefined) return undefined;
  const bytes = Buffer.allocUnsafe(length);
  return length > 0 && (await bucket.read({ key, from: 0, length }, bytes)) ? bytes : undefined;
}

export function keyOf(space: string, { sha256 }: Digests): string {
  const key = `${space}/${sha256}`;
  assertKey(key);
  return key;
}
