import type { BlobReader, BlobStore } from "#kernel";
import { assertSame } from "#kernel/blob/whole";
import { openWhole, type Whole } from "./open-whole.ts";

/** What is set aside as damaged is looked for this often. */
const lookEveryMs = 3_000;
/** So many parts are remembered as asked for, however small they are: about a megabyte. */
const askedMax = 5_000;
/** Where what people are given comes from. */
const spaces = ["upload", "media"];

/**
 * The parts of objects that are asked for again and again, in memory: at most `bytesMax`, the least recent go first. Those
 * of an object that was set aside are let go within seconds, whichever process found it damaged.
 */
export class HotParts {
  readonly #parts = new Map<string, Buffer>();
  /** What was asked for lately, kept or not: as many parts as there would be room for. */
  readonly #asked = new Map<string, { readonly byteLength: number; readonly isAgain: boolean }>();
  #askedBytes = 0;
  readonly #loading = new Map<string, Promise<Buffer | undefined>>();
  readonly #bytesMax: number;
  #bytes = 0;
  #lookedAtMs = performance.now();
  #looking: Promise<void> | undefined;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Longer parts are streamed instead of kept. */
  get partBytesMax(): number {
    return Math.min(8 * 2 ** 20, this.#bytesMax);
  }

  /**
   * Whether a part was asked for before, not long ago; from now on it was. What is asked for once is not worth its memory:
   * it would push out what is asked for again and again, and new memory costs more than reading.
   */
  isAskedAgain({ key }: Whole, start: number, end: number): boolean {
    const name = nameOf(key, start, end);
    const isAgain = this.#forget(name) || this.#parts.has(name);
    const byteLength = end - start + 1;
    this.#asked.set(name, { byteLength, isAgain });
    this.#askedBytes += byteLength;
    // What would have gone again by now, had it been kept, counts as new: else whoever asks for more than there is room
    // for, round and round, would have everything loaded for nothing.
    for (const oldest of this.#asked.keys()) {
      if (this.#asked.size <= askedMax && this.#askedBytes <= this.#bytesMax) break;
      this.#forget(oldest);
    }
    return isAgain;
  }

  #forget(name: string): boolean {
    this.#askedBytes -= this.#asked.get(name)?.byteLength ?? 0;
    return this.#asked.delete(name);
  }

  /**
   * The bytes from `start` to `end`, both included, kept where they were asked for again; many who ask at once cause one
   * read. Undefined where the object is gone.
   */
  async read(blob: BlobStore, object: Whole, start: number, end: number): Promise<Buffer | undefined> {
    await this.#look(blob);
    const name = nameOf(object.key, start, end);
    const hot = this.#parts.get(name);
    if (hot) {
      this.#parts.delete(name);
      this.#parts.set(name, hot);
      return hot;
    }
    const loading = this.#loading.get(name) ?? this.#load(blob, object, start, end, name);
    this.#loading.set(name, loading);
    return loading;
  }

  /** Lets go of what was set aside since. A store that does not answer now is asked the next time. */
  async #look(blob: BlobStore): Promise<void> {
    if (performance.now() - this.#lookedAtMs > lookEveryMs)
      this.#looking ??= this.#dropDamaged(blob)
        .catch(() => undefined)
        .finally(() => {
          this.#looking = undefined;
          this.#lookedAtMs = performance.now();
        });
    await this.#looking;
  }

  async #dropDamaged(blob: BlobStore): Promise<void> {
    if (this.#parts.size === 0) return;
    const damaged = new Set<string>();
    for (const space of spaces) for await (const { key } of blob.quarantine.list(space)) damaged.add(key);
    if (damaged.size === 0) return;
    for (const [name, { byteLength }] of this.#parts) {
      if (!damaged.has(name.slice(0, name.indexOf(":")))) continue;
      this.#parts.delete(name);
      this.#bytes -= byteLength;
    }
  }

  async #load(blob: BlobStore, of: Whole, start: number, end: number, name: string): Promise<Buffer | undefined> {
    try {
      const object = await openWhole(blob, of);
      if (!object) return undefined;
      const bytes = await closing(object, () => object.read(start, end - start + 1));
      // Once for the many who are given it from here.
      if (bytes.byteLength === of.sizeBytes) assertSame(of.key, bytes);
      if (this.#asked.get(name)?.isAgain) this.#keep(name, bytes);
      return bytes;
    } finally {
      this.#loading.delete(name);
    }
  }

  #keep(name: string, bytes: Buffer): void {
    this.#parts.set(name, bytes);
    this.#bytes += bytes.byteLength;
    for (const [oldest, { byteLength }] of this.#parts) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#parts.delete(oldest);
      this.#bytes -= byteLength;
    }
  }
}

const nameOf = (key: string, start: number, end: number): string => `${key}:${start}-${end}`;

async function closing<R>(object: BlobReader, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } finally {
    await object.close();
  }
}
