import type { BlobReader, BlobStore } from "#kernel";
import { openStoredObject, type StoredObject } from "./stored-object.ts";

interface Shared {
  readonly name: string;
  readonly reader: Promise<BlobReader>;
  readonly timer: NodeJS.Timeout;
  users: number;
  isClosing: boolean;
}

/** A removed object keeps its place on the disk this long at most, and no longer than its readers. */
const openMs = 2_000;
const openMax = 64;

/**
 * Open objects, each shared by all short reads within two seconds: opening and closing an object costs more than such a
 * read. An open object reports by itself that it was quarantined.
 */
export class SharedReaders {
  readonly #blob: BlobStore;
  readonly #open = new Map<string, Shared>();

  constructor(blob: BlobStore) {
    this.#blob = blob;
  }

  /** As `openStoredObject`. Each caller closes its reader once. @throws ObjectDamaged */
  async open(object: StoredObject): Promise<BlobReader> {
    const name = `${object.key}:${object.sizeBytes}`;
    const shared = this.#open.get(name) ?? this.#share(name, object);
    shared.users += 1;
    const close = () => {
      shared.users -= 1;
      return closeUnused(shared);
    };
    // The next caller after a failure opens the object again.
    const failing = async (error: unknown) => {
      await this.#end(shared);
      throw error;
    };
    try {
      const reader = await shared.reader;
      return { ...reader, read: (...part) => reader.read(...part).catch(failing), close };
    } catch (error) {
      await close();
      return failing(error);
    }
  }

  /** Closes unused objects immediately, the others when their last reader closes them. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((shared) => this.#end(shared)));
  }

  #share(name: string, object: StoredObject): Shared {
    const timer = setTimeout(() => void this.#end(shared), openMs).unref();
    const shared: Shared = { name, reader: openStoredObject(this.#blob, object), timer, users: 0, isClosing: false };
    this.#open.set(name, shared);
    const [oldest] = this.#open.size > openMax ? this.#open.values() : [];
    if (oldest) void this.#end(oldest);
    return shared;
  }

  async #end(shared: Shared): Promise<void> {
    if (shared.isClosing) return;
    clearTimeout(shared.timer);
    this.#open.delete(shared.name);
    shared.isClosing = true;
    await closeUnused(shared);
  }
}

/** A failure to open was reported to its openers; a failure to close changes nothing. */
async function closeUnused({ reader, users, isClosing }: Shared): Promise<void> {
  if (users === 0 && isClosing) await reader.then((open) => open.close()).catch(() => undefined);
}
