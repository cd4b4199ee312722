import type { BlobReader, BlobStore } from "#kernel";
import { openWhole, type Whole } from "./open-whole.ts";

interface Shared {
  readonly name: string;
  readonly reader: Promise<BlobReader | undefined>;
  readonly timer: NodeJS.Timeout;
  users: number;
  isOver: boolean;
}

/** What was removed keeps its place on the disk this long at most, and no longer than its readers. */
const openMs = 2_000;
const openMax = 64;

/**
 * Objects open for reading, each shared by all who read a little of it within two seconds: to open and close it costs more
 * than such a read. That it was set aside meanwhile, an open object says by itself.
 */
export class OpenObjects {
  readonly #blob: BlobStore;
  readonly #open = new Map<string, Shared>();

  constructor(blob: BlobStore) {
    this.#blob = blob;
  }

  /** As `openWhole`: whoever is given a reader closes it, once. @throws ObjectDamaged */
  async open(object: Whole): Promise<BlobReader | undefined> {
    const name = `${object.key}:${object.sizeBytes}`;
    const shared = this.#open.get(name) ?? this.#begin(name, object);
    shared.users += 1;
    const close = () => {
      shared.users -= 1;
      return closeUnused(shared);
    };
    // Whoever comes after a failure begins anew.
    const failing = async (error: unknown) => {
      await this.#end(shared);
      throw error;
    };
    try {
      const reader = await shared.reader;
      if (reader) return { ...reader, read: (...part) => reader.read(...part).catch(failing), close };
    } catch (error) {
      await close();
      return failing(error);
    }
    await Promise.all([close(), this.#end(shared)]);
    return undefined;
  }

  /** Closes what nobody reads; what is being read when its last reader closes it. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((shared) => this.#end(shared)));
  }

  #begin(name: string, object: Whole): Shared {
    const timer = setTimeout(() => void this.#end(shared), openMs).unref();
    const shared: Shared = { name, reader: openWhole(this.#blob, object), timer, users: 0, isOver: false };
    this.#open.set(name, shared);
    const [oldest] = this.#open.size > openMax ? this.#open.values() : [];
    if (oldest) void this.#end(oldest);
    return shared;
  }

  async #end(shared: Shared): Promise<void> {
    if (shared.isOver) return;
    clearTimeout(shared.timer);
    this.#open.delete(shared.name);
    shared.isOver = true;
    await closeUnused(shared);
  }
}

/** A failure to open is its openers' to hear; one to close changes nothing for anybody. */
async function closeUnused({ reader, users, isOver }: Shared): Promise<void> {
  if (users === 0 && isOver) await reader.then((open) => open?.close()).catch(() => undefined);
}
