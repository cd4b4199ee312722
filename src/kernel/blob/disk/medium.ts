import type { FileHandle } from "node:fs/promises";
import type { Disk } from "../../environment/disk.ts";
import { KinoraError, StorageFull, StorageUnavailable } from "../../errors.ts";
import type { Unready } from "../port.ts";

/** Kept free for the database and for recovery: writes are refused before the disk is really full. */
export const reserveBytes = 64 * 2 ** 20;
/** How many bytes a writer takes between two looks at the free space, and between two requests to make them durable. */
export const lookEveryBytes = 16 * 2 ** 20;

/**
 * The state that all writes to one folder share: whether its disk can be trusted, and how much it still takes. After a
 * failed fsync it takes nothing more until the process starts again: what the operating system then says about earlier
 * writes means nothing (reliability D1, F5).
 */
export class Medium {
  readonly folder: string;
  readonly disk: Disk;
  #broken: unknown;
  /** Each may write {@link lookEveryBytes} before it looks again. */
  #writers = 0;

  constructor(folder: string, disk: Disk) {
    this.folder = folder;
    this.disk = disk;
  }

  /** Counts one writer more, until `leave`. @throws StorageFull, StorageUnavailable */
  async enter(): Promise<void> {
    this.#writers += 1;
    try {
      await this.assertRoom();
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  leave(): void {
    this.#writers -= 1;
  }

  /** @throws StorageFull when the writers there are could fill the disk before they look again. */
  async assertRoom(): Promise<void> {
    const { disk, folder } = this;
    const free = await this.guard(() => inFolder(disk, folder, () => disk.freeBytes(folder)));
    if (free - (this.#writers - 1) * lookEveryBytes < reserveBytes) throw StorageFull({});
  }

  sync(file: FileHandle): Promise<void> {
    return this.#durable(() => this.disk.sync(file));
  }

  syncFolder(path: string): Promise<void> {
    return this.#durable(() => this.disk.syncFolder(path));
  }

  /** Does a step unless the disk is not to be believed any more. @throws StorageFull, StorageUnavailable */
  async guard<R>(work: () => Promise<R>): Promise<R> {
    if (this.#broken !== undefined) throw StorageUnavailable({}, this.#broken);
    try {
      return await work();
    } catch (error) {
      throw storageErrorOf(error);
    }
  }

  async ready(): Promise<Unready | undefined> {
    if (this.#broken !== undefined)
      return { reason: "the disk failed to keep what was written: check it, then start again", canRead: false };
    try {
      await this.disk.makeFolder(this.folder);
    } catch {
      return { reason: "the folder for files cannot be written", canRead: false };
    }
    const free = await this.disk.freeBytes(this.folder);
    const reason = "the disk is full: uploads are refused until there is space again";
    return free < reserveBytes ? { reason, canRead: true } : undefined;
  }

  async #durable(sync: () => Promise<void>): Promise<void> {
    try {
      await sync();
    } catch (error) {
      if (!isFull(error)) this.#broken = error;
      throw storageErrorOf(error);
    }
  }
}

export const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");
const isFull = (error: unknown): boolean => ["ENOSPC", "EDQUOT"].includes(codeOf(error));
/** The error that a caller gets for a step that failed. */
export function storageErrorOf(error: unknown): KinoraError {
  if (error instanceof KinoraError) return error;
  return isFull(error) ? StorageFull({}, error) : StorageUnavailable({}, error);
}

/** Does a step in a folder, which is made where it is missing: it hardly ever is, and making sure costs as much as the step. */
export async function inFolder<R>(disk: Disk, folder: string, step: () => Promise<R>): Promise<R> {
  try {
    return await step();
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
  await disk.makeFolder(folder);
  return step();
}

/** For a step that may find nothing. */
export function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}
