import type { BlobReader, BlobStore } from "#kernel";

/** The parts of objects that are asked for again and again, in memory: at most `bytesMax`, the least recent go first. */
export class HotParts {
  readonly #parts = new Map<string, Buffer>();
  readonly #loading = new Map<string, Promise<Buffer | undefined>>();
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Longer parts are streamed instead of kept. */
  get partBytesMax(): number {
    return Math.min(8 * 2 ** 20, this.#bytesMax);
  }

  /** The bytes from `start` to `end`, both included; many who ask at once cause one read. Undefined where the object is gone. */
  async read(blob: BlobStore, key: string, start: number, end: number): Promise<Buffer | undefined> {
    const name = `${key}:${start}-${end}`;
    const hot = this.#parts.get(name);
    if (hot) {
      this.#parts.delete(name);
      this.#parts.set(name, hot);
      return hot;
    }
    const loading = this.#loading.get(name) ?? this.#load(blob, key, start, end, name);
    this.#loading.set(name, loading);
    return loading;
  }

  async #load(blob: BlobStore, key: string, start: number, end: number, name: string): Promise<Buffer | undefined> {
    try {
      const object = await blob.open(key);
      if (!object) return undefined;
      const bytes = await closing(object, () => object.read(start, end - start + 1));
      this.#keep(name, bytes);
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

async function closing<R>(object: BlobReader, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } finally {
    await object.close();
  }
}
