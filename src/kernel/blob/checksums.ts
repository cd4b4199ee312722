import { createHash } from "node:crypto";
import { KinoraError, ObjectDamaged } from "../errors.ts";
import { blockBytes, BlockChecksums } from "./block-checksums.ts";
import { Digest } from "./digest.ts";
import type { BlobReader } from "./port.ts";

interface ChecksumParts {
  /** The stored checksums of an object; undefined if there are none. */
  read(key: string): Promise<Buffer | undefined>;
  write(key: string, bytes: Buffer): Promise<void>;
}

/** A stretch that is read at a time when an object is read whole. */
const chunkBytes = 2 ** 20;
/** Checksums in memory: a terabyte has 64 MiB of them. */
const keptBytesMax = 16 * 2 ** 20;

/**
 * An object was read and differs from the stored content. Unlike an object in quarantine, it may not be reported yet.
 */
export class BytesDiffer extends Error {
  override readonly name = "BytesDiffer";
}

/** True if a read found bytes that differ: damage that may not be reported yet. */
export const isFoundDamage = (error: unknown): boolean =>
  error instanceof KinoraError && error.cause instanceof BytesDiffer;

/**
 * The checksums of a store's objects, with which every read is compared. They follow from the content, and so from the
 * name. An object without them, or with damaged ones, is read whole and compared with its name before its first byte is
 * given out. Its checksums are stored then. Objects of one block have none, for their name is enough.
 */
export class Checksums {
  readonly #parts: ChecksumParts;
  /** The least recently used is evicted first. */
  readonly #kept = new Map<string, BlockChecksums>();
  #keptBytes = 0;
  readonly #loading = new Map<string, Promise<BlockChecksums>>();

  constructor(parts: ChecksumParts) {
    this.#parts = parts;
  }

  /** A reader of the object that compares what it reads. @param reader as the store has the bytes */
  comparingReader(key: string, reader: BlobReader): BlobReader {
    const { sizeBytes } = reader;
    return {
      ...reader,
      read: async (position, length, into) => {
        const end = Math.min(position + length, sizeBytes);
        if (position >= end) {
          if (sizeBytes === 0) await this.#assertMatching(key, reader, 0, Buffer.alloc(0));
          return Buffer.alloc(0);
        }
        const from = position - (position % blockBytes);
        const widened = Math.min(Math.ceil(end / blockBytes) * blockBytes, sizeBytes) - from;
        let bytes = await reader.read(from, widened, into);
        if (!(await this.#isMatching(key, reader, from, bytes))) {
          // A second read is right if the bytes were changed on their way, or were compared with checksums that memory
          // changed.
          this.#forget(key);
          bytes = await reader.read(from, widened, into);
          await this.#assertMatching(key, reader, from, bytes);
        }
        return bytes.subarray(position - from, end - from);
      },
    };
  }

  /** Stores checksums that were computed while the object was written. They can be computed again, so a failure is none. */
  async store(key: string, checksums: BlockChecksums): Promise<void> {
    if (checksums.sizeBytes <= blockBytes) return;
    this.#keep(key, checksums);
    await this.#parts.write(key, checksums.encode(hashOf(key))).catch(() => undefined);
  }

  /**
   * Reads an object to its end and compares it with its name; where it is sound its checksums are so afterwards. `passed` is
   * waited for before each stretch of bytes.
   */
  async examine(
    key: string,
    reader: BlobReader,
    passed?: (sizeBytes: number) => Promise<void>,
  ): Promise<"sound" | "damaged"> {
    const digest = new Digest();
    for (let at = 0; at < reader.sizeBytes; at += chunkBytes) {
      await passed?.(Math.min(chunkBytes, reader.sizeBytes - at));
      digest.update(await reader.read(at, chunkBytes));
    }
    if (digest.result().sha256 !== hashOf(key)) return "damaged";
    const checksums = digest.checksums();
    if (checksums.sizeBytes > blockBytes && !(await this.#readStored(key))?.equals(checksums))
      await this.store(key, checksums);
    return "sound";
  }

  /** Compares all of an object. @throws ObjectDamaged */
  async assertSound(key: string, reader: BlobReader): Promise<void> {
    const { sizeBytes } = reader;
    const checked = this.comparingReader(key, reader);
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, sizeBytes));
    for (let at = 0; at === 0 || at < sizeBytes; at += chunkBytes) await checked.read(at, chunkBytes, buffer);
  }

  async #assertMatching(key: string, reader: BlobReader, from: number, bytes: Buffer): Promise<void> {
    if (!(await this.#isMatching(key, reader, from, bytes))) throw damageError();
  }

  async #isMatching(key: string, reader: BlobReader, from: number, bytes: Buffer): Promise<boolean> {
    if (reader.sizeBytes <= blockBytes) return createHash("sha256").update(bytes).digest("hex") === hashOf(key);
    const checksums = await this.#of(key, reader);
    return checksums.sizeBytes === reader.sizeBytes && checksums.matches(from, bytes);
  }

  /** @throws ObjectDamaged where the object has none and is damaged */
  async #of(key: string, reader: BlobReader): Promise<BlockChecksums> {
    const kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const loading = this.#loading.get(key) ?? this.#load(key, reader).finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  async #load(key: string, reader: BlobReader): Promise<BlockChecksums> {
    const stored = await this.#readStored(key);
    if (stored) {
      this.#keep(key, stored);
      return stored;
    }
    if ((await this.examine(key, reader)) === "damaged") throw damageError();
    // An object of more than one block, as this is, was given its checksums just now.
    const made = this.#kept.get(key);
    if (!made) throw damageError();
    return made;
  }

  async #readStored(key: string): Promise<BlockChecksums | undefined> {
    const bytes = await this.#parts.read(key);
    return bytes && BlockChecksums.decode(hashOf(key), bytes);
  }

  #forget(key: string): void {
    this.#keptBytes -= this.#kept.get(key)?.byteLength ?? 0;
    this.#kept.delete(key);
  }

  #keep(key: string, checksums: BlockChecksums): void {
    this.#forget(key);
    this.#kept.set(key, checksums);
    this.#keptBytes += checksums.byteLength;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= keptBytesMax || oldest === key) return;
      this.#forget(oldest);
    }
  }
}

const damageError = (): Error =>
  ObjectDamaged({}, new BytesDiffer("the bytes of an object are not those that were stored"));

const hashOf = (key: string): string => key.split("/")[1] ?? "";
