import { randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StorageUnavailable } from "../../errors.ts";
import type { Failpoints } from "../../environment/failpoint.ts";
import { checkedPieces } from "../piece-check.ts";
import { BlockChecksumPass, type BlockChecksums } from "../block-checksums.ts";
import { inFolder, type Medium, unlessMissing } from "./medium.ts";
import { readWhole } from "./objects.ts";
import { GrowingFile } from "./growing-file.ts";
import { assertPiece, isPiece, type Piece, type PieceWriter } from "../port.ts";

const chunkBytes = 2 ** 20;
/** Checksums of this many pieces stay in memory: a gigabyte of pieces takes 128 KiB. */
const passesMax = 200;

/** Pieces as files: `<folder>/pieces/ab/<32 hexadecimal digits>`. They are added to in place. */
export class DiskPieces {
  readonly #medium: Medium;
  readonly #failpoints: Failpoints;
  /** How many writers of this process have each piece open. */
  readonly #open = new Map<string, number>();
  /** Checksums that were computed while the bytes of pieces passed here without a gap; the oldest is evicted first. */
  readonly #passes = new Map<string, BlockChecksumPass>();

  constructor(medium: Medium, failpoints: Failpoints) {
    this.#medium = medium;
    this.#failpoints = failpoints;
  }

  async write(after?: Piece): Promise<PieceWriter> {
    if (after) assertPiece(after.name);
    await this.#medium.enter();
    try {
      const file = after && (await this.#openAgain(after));
      return file ? this.#writer(after.name, file, { kept: after.sizeBytes }) : await this.#begin(after);
    } catch (error) {
      this.#medium.leave();
      throw error;
    }
  }

  async salvage(name: string): Promise<number | undefined> {
    const path = this.path(name);
    const file = await this.#medium.guard(() => this.#medium.disk.open(path, "r+").catch(unlessMissing));
    if (!file) return undefined;
    try {
      await this.#medium.sync(file);
      return (await file.stat()).size;
    } finally {
      await file.close();
    }
  }

  /** The counted bytes, in order. @throws StorageUnavailable where there are fewer */
  bytes(pieces: readonly Piece[]): AsyncIterable<Buffer> {
    return checkedPieces(pieces, this.#read(pieces));
  }

  async *#read(pieces: readonly Piece[]): AsyncIterable<Buffer> {
    for (const { name, sizeBytes } of pieces) {
      const path = this.path(name);
      await using file = await this.#medium.guard(() => this.#medium.disk.open(path, "r"));
      for (let at = 0; at < sizeBytes; at += chunkBytes)
        yield await readWhole(file, at, Math.min(chunkBytes, sizeBytes - at));
    }
  }

  async range(name: string, from: number, length: number): Promise<Buffer> {
    const path = this.path(name);
    await using file = await this.#medium.guard(() => this.#medium.disk.open(path, "r"));
    const bytes = await readWhole(file, from, length);
    if (bytes.length < length) throw StorageUnavailable({}, new Error("a piece is shorter than it was"));
    return bytes;
  }

  async drop(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const path = this.path(name);
      this.#passes.delete(name);
      await this.#medium.guard(() => this.#medium.disk.remove(path));
      await this.#failpoints.hit("piece.dropped");
    }
  }

  async *list(): AsyncIterable<{ name: string; changedAtMs: number }> {
    const { disk, folder } = this.#medium;
    for (const first of await disk.list(join(folder, "pieces")))
      for (const name of await disk.list(join(folder, "pieces", first))) {
        // A foreign file is not ours to look at.
        if (!isPiece(name)) continue;
        const stats = await disk.stat(this.path(name));
        if (stats) yield { name, changedAtMs: stats.changedAtMs };
      }
  }

  path(name: string): string {
    assertPiece(name);
    return join(this.#medium.folder, "pieces", name.slice(0, 2), name);
  }

  /** True if a writer of this process may still write to it. */
  isOpen(name: string): boolean {
    return this.#open.has(name);
  }

  /** The checksums of the counted bytes, where all of them passed through this process. */
  checksums({ name, sizeBytes }: Piece): BlockChecksums | undefined {
    const pass = this.#passes.get(name);
    return pass?.sizeBytes === sizeBytes ? pass.result() : undefined;
  }

  /** The pass of a piece that is written from `sizeBytes` on. */
  #takePass(name: string, sizeBytes: number): BlockChecksumPass | undefined {
    const pass = sizeBytes === 0 ? new BlockChecksumPass() : this.#passes.get(name);
    this.#passes.delete(name);
    return pass?.sizeBytes === sizeBytes ? pass : undefined;
  }

  #leavePass(name: string, pass: BlockChecksumPass): void {
    this.#passes.set(name, pass);
    const [oldest] = this.#passes.size > passesMax ? this.#passes.keys() : [];
    if (oldest !== undefined) this.#passes.delete(oldest);
  }

  /** Undefined for a piece that must not change any more. */
  async #openAgain({ name, sizeBytes }: Piece): Promise<FileHandle | undefined> {
    const file = await this.#medium.guard(() => this.#medium.disk.open(this.path(name), "r+"));
    try {
      const stats = await file.stat();
      if (stats.size < sizeBytes) throw StorageUnavailable({}, new Error("a piece is shorter than counted"));
      // An object was made of the piece, and a record may refer to the object: both share these bytes.
      const isShared = stats.nlink > 1;
      if (!isShared && stats.size > sizeBytes) await this.#medium.guard(() => file.truncate(sizeBytes));
      if (!isShared) return file;
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return undefined;
  }

  async #begin(before?: Piece): Promise<PieceWriter> {
    const name = randomBytes(16).toString("hex");
    const path = this.path(name);
    const { disk } = this.#medium;
    const file = await this.#medium.guard(() => inFolder(disk, dirname(path), () => disk.open(path, "wx", 0o600)));
    return this.#writer(name, file, { before });
  }

  /** @param kept how much of it was kept before; undefined for a new one, whose name is not durable yet. */
  #writer(
    name: string,
    handle: FileHandle,
    { before, kept }: { before?: Piece | undefined; kept?: number },
  ): PieceWriter {
    const file = new GrowingFile(this.#medium, handle, kept);
    const path = this.path(name);
    const pass = this.#takePass(name, kept ?? 0);
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    let keptBytes = kept;
    let isOpen = true;
    return {
      isGrowing: true,
      write: async (bytes) => {
        await file.write(bytes);
        pass?.update(bytes);
      },
      keep: async () => {
        const { sizeBytes } = file;
        if (sizeBytes !== keptBytes) {
          await this.#failpoints.hit("piece.before_sync");
          await file.sync();
          if (keptBytes === undefined) await this.#medium.syncFolder(dirname(path));
          await this.#failpoints.hit("piece.after_sync");
          keptBytes = sizeBytes;
        }
        return [...(before ? [before] : []), { name, sizeBytes }];
      },
      close: async () => {
        if (!isOpen) return;
        isOpen = false;
        await file.close();
        const otherWriters = (this.#open.get(name) ?? 1) - 1;
        if (otherWriters > 0) this.#open.set(name, otherWriters);
        else this.#open.delete(name);
        if (keptBytes === undefined) await this.#medium.disk.remove(path);
        else if (pass) this.#leavePass(name, pass);
      },
    };
  }
}
