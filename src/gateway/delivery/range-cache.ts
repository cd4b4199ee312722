import type { BlobReader, BlobStore } from "#kernel";
import { openStoredObject, type StoredObject } from "./stored-object.ts";

/** How often quarantined objects are looked up. */
const quarantineCheckMs = 3_000;
/** This many requests are remembered, which takes about a megabyte. */
const requestsMax = 5_000;
/** The spaces that delivered objects are in. */
const spaces = ["upload", "media"];

/**
 * An LRU cache of ranges of objects that are requested repeatedly, of at most `bytesMax`. Ranges of a quarantined object are
 * evicted within seconds, whichever process found it damaged.
 */
export class RangeCache {
  readonly #ranges = new Map<string, Buffer>();
  /** Recent requests of ranges, cached or not: as many as the cache would have room for. */
  readonly #requests = new Map<string, { readonly byteLength: number; readonly isRepeated: boolean }>();
  #requestedBytes = 0;
  readonly #loading = new Map<string, Promise<Buffer>>();
  readonly #bytesMax: number;
  #bytes = 0;
  #checkedAtMs = performance.now();
  #checking: Promise<void> | undefined;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Longer ranges are streamed instead of cached. */
  get rangeBytesMax(): number {
    return Math.min(8 * 2 ** 20, this.#bytesMax);
  }

  /**
   * Records the request of a range; whether the range was requested recently before. A range that is requested once is not
   * cached: it would evict those that are requested repeatedly, and newly allocated memory costs more than reading.
   */
  recordRequest({ key }: StoredObject, start: number, end: number): boolean {
    const name = nameOf(key, start, end);
    const isRepeated = this.#forget(name) || this.#ranges.has(name);
    const byteLength = end - start + 1;
    this.#requests.set(name, { byteLength, isRepeated });
    this.#requestedBytes += byteLength;
    // A range that the cache would have evicted by now counts as new. Otherwise a client that cycles through more than the
    // cache holds would have everything loaded in vain.
    for (const oldest of this.#requests.keys()) {
      if (this.#requests.size <= requestsMax && this.#requestedBytes <= this.#bytesMax) break;
      this.#forget(oldest);
    }
    return isRepeated;
  }

  #forget(name: string): boolean {
    this.#requestedBytes -= this.#requests.get(name)?.byteLength ?? 0;
    return this.#requests.delete(name);
  }

  /**
   * The bytes from `start` to `end`, both included; cached where they were requested repeatedly. Simultaneous requests cause
   * one read. @throws ObjectDamaged
   */
  async read(blob: BlobStore, object: StoredObject, start: number, end: number): Promise<Buffer> {
    await this.#evictQuarantined(blob);
    const name = nameOf(object.key, start, end);
    const cached = this.#ranges.get(name);
    if (cached) {
      this.#ranges.delete(name);
      this.#ranges.set(name, cached);
      return cached;
    }
    const loading = this.#loading.get(name) ?? this.#load(blob, object, start, end, name);
    this.#loading.set(name, loading);
    return loading;
  }

  /** Evicts ranges of objects that were quarantined since. A store that does not answer is asked again the next time. */
  async #evictQuarantined(blob: BlobStore): Promise<void> {
    if (performance.now() - this.#checkedAtMs > quarantineCheckMs)
      this.#checking ??= this.#dropDamaged(blob)
        .catch(() => undefined)
        .finally(() => {
          this.#checking = undefined;
          this.#checkedAtMs = performance.now();
        });
    await this.#checking;
  }

  async #dropDamaged(blob: BlobStore): Promise<void> {
    if (this.#ranges.size === 0) return;
    const damaged = new Set<string>();
    for (const space of spaces) for await (const { key } of blob.quarantine.list(space)) damaged.add(key);
    if (damaged.size === 0) return;
    for (const [name, { byteLength }] of this.#ranges) {
      if (!damaged.has(name.slice(0, name.indexOf(":")))) continue;
      this.#ranges.delete(name);
      this.#bytes -= byteLength;
    }
  }

  async #load(blob: BlobStore, of: StoredObject, start: number, end: number, name: string): Promise<Buffer> {
    try {
      const object = await openStoredObject(blob, of);
      // Compared with its checksums once, for all requests that the cache answers.
      const bytes = await closeAfter(object, () => object.read(start, end - start + 1));
      if (this.#requests.get(name)?.isRepeated) this.#store(name, bytes);
      return bytes;
    } finally {
      this.#loading.delete(name);
    }
  }

  #store(name: string, bytes: Buffer): void {
    this.#ranges.set(name, bytes);
    this.#bytes += bytes.byteLength;
    for (const [oldest, { byteLength }] of this.#ranges) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#ranges.delete(oldest);
      this.#bytes -= byteLength;
    }
  }
}

const nameOf = (key: string, start: number, end: number): string => `${key}:${start}-${end}`;

async function closeAfter<R>(object: BlobReader, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } finally {
    await object.close();
  }
}
