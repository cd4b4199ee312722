import { join } from "node:path";
import type { Disk } from "../../environment/disk.ts";
import type { Failpoints } from "../../environment/failpoint.ts";
import type { Digests } from "../digest.ts";
import { assembleOnDisk } from "./assemble.ts";
import { Medium } from "./medium.ts";
import { DiskObjects } from "./objects.ts";
import { DiskPieces } from "./pieces.ts";
import type {
  BlobReader,
  BlobStore,
  BlobWriter,
  Intake,
  Listed,
  LocalFile,
  Piece,
  PieceWriter,
  Quarantine,
  StoredBlob,
  Unready,
} from "../port.ts";

interface DiskBlobParts {
  readonly folder: string;
  readonly disk: Disk;
  readonly failpoints: Failpoints;
  readonly now: () => number;
}

/** Objects and pieces as files of one folder, which holds nothing else. */
export class DiskBlobStore implements BlobStore {
  readonly #parts: DiskBlobParts;
  readonly #medium: Medium;
  readonly #objects: DiskObjects;
  readonly #pieces: DiskPieces;

  constructor(parts: DiskBlobParts) {
    this.#parts = parts;
    this.#medium = new Medium(parts.folder, parts.disk);
    this.#objects = new DiskObjects(this.#medium, parts.failpoints, parts.now);
    this.#pieces = new DiskPieces(this.#medium, parts.failpoints);
  }

  get quarantine(): Quarantine {
    return this.#objects.quarantine;
  }

  create(space: string, { also }: Intake = {}): Promise<BlobWriter> {
    return this.#objects.create(space, also);
  }

  adopt(space: string, path: string): Promise<StoredBlob> {
    return this.#objects.adopt(space, path);
  }

  piece(after?: Piece): Promise<PieceWriter> {
    return this.#pieces.write(after);
  }

  salvage(name: string): Promise<number | undefined> {
    return this.#pieces.salvage(name);
  }

  assemble(
    space: string,
    pieces: readonly Piece[],
    { also, knownDigests }: Intake & { readonly knownDigests?: Digests } = {},
  ): Promise<StoredBlob> {
    const { failpoints, now } = this.#parts;
    const parts = { medium: this.#medium, objects: this.#objects, pieces: this.#pieces, failpoints, now };
    return assembleOnDisk(parts, pieces, { space, also, knownDigests });
  }

  /** The counted bytes of pieces, in order. */
  pieceBytes(pieces: readonly Piece[]): AsyncIterable<Uint8Array> {
    return this.#pieces.bytes(pieces);
  }

  pieceRange(name: string, from: number, length: number): Promise<Uint8Array> {
    return this.#pieces.range(name, from, length);
  }

  drop(names: readonly string[]): Promise<void> {
    return this.#pieces.drop(names);
  }

  pieces(): AsyncIterable<{ name: string; changedAtMs: number }> {
    return this.#pieces.list();
  }

  open(key: string): Promise<BlobReader | undefined> {
    return this.#objects.open(key);
  }

  async local(key: string): Promise<LocalFile | undefined> {
    const path = await this.#objects.find(key);
    return path === undefined ? undefined : { path, [Symbol.asyncDispose]: async () => undefined };
  }

  examine(key: string, passed?: (sizeBytes: number) => Promise<void>): Promise<"sound" | "damaged" | undefined> {
    return this.#objects.examine(key, passed);
  }

  remove(key: string): Promise<void> {
    return this.#objects.remove(key);
  }

  list(space: string): AsyncIterable<Listed> {
    return this.#objects.list(space);
  }

  async scratch(name: string): Promise<LocalFile> {
    const { disk } = this.#parts;
    const path = await this.#objects.temporary(name.replaceAll(/[^a-z0-9-]/gi, "-"));
    await this.#medium.guard(() => disk.makeFolder(path));
    return { path, [Symbol.asyncDispose]: () => disk.remove(path) };
  }

  async sweep(olderThanMs: number): Promise<number> {
    const { disk, folder, now } = this.#parts;
    let removed = 0;
    for (const name of await disk.list(join(folder, "tmp"))) {
      const path = join(folder, "tmp", name);
      const stats = await disk.stat(path);
      if (!stats || now() - stats.changedAtMs < olderThanMs) continue;
      await disk.remove(path);
      removed += 1;
    }
    return removed;
  }

  ready(): Promise<Unready | undefined> {
    return this.#medium.ready();
  }
}
