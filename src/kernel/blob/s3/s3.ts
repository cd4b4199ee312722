import type { Disk } from "../../environment/disk.ts";
import type { Failpoints } from "../../environment/failpoint.ts";
import type { Digests } from "../digest.ts";
import {
  type BlobReader,
  type BlobStore,
  type BlobWriter,
  type DirectRequest,
  type Intake,
  isKey,
  type Listed,
  type LocalFile,
  type Piece,
  type PieceWriter,
  type Quarantine,
  type StoredBlob,
  type Unready,
} from "../port.ts";
import { S3Bucket, type S3Limits } from "./bucket.ts";
import { S3Direct } from "./direct.ts";
import { S3Objects } from "./objects.ts";
import { S3Pieces } from "./pieces.ts";
import type { S3Place } from "./place.ts";

interface S3BlobParts {
  readonly place: S3Place;
  /** Folders on the local disk, for programs that want files. */
  readonly nearby: Pick<BlobStore, "scratch" | "sweep">;
  readonly disk: Disk;
  readonly failpoints: Failpoints;
  readonly now: () => number;
  readonly limits?: Partial<S3Limits>;
}

/** A bucket may be used by other processes than this one: what is younger than this may be theirs. */
const othersMs = 86_400_000;

/** Objects and pieces in a bucket of Amazon S3 or of a server that speaks its protocol. */
export class S3BlobStore implements BlobStore {
  readonly #parts: S3BlobParts;
  readonly #bucket: S3Bucket;
  readonly #objects: S3Objects;
  readonly #pieces: S3Pieces;
  readonly #direct: S3Direct | undefined;

  constructor(parts: S3BlobParts) {
    const { place, nearby, disk, failpoints, limits } = parts;
    this.#parts = parts;
    this.#bucket = new S3Bucket(place, limits);
    this.#objects = new S3Objects({ bucket: this.#bucket, nearby, disk, failpoints });
    this.#pieces = new S3Pieces(this.#bucket, this.#objects, failpoints);
    this.#direct = place.direct && new S3Direct(place);
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
    return this.#pieces.assemble(space, pieces, also, knownDigests);
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

  async open(key: string): Promise<BlobReader | undefined> {
    return this.#objects.open(key);
  }

  local(key: string): Promise<LocalFile | undefined> {
    return this.#objects.local(key);
  }

  examine(key: string, passed?: (sizeBytes: number) => Promise<void>): Promise<"sound" | "damaged" | undefined> {
    return this.#objects.examine(key, passed);
  }

  remove(key: string): Promise<void> {
    return this.#objects.remove(key);
  }

  async *list(space: string): AsyncIterable<Listed> {
    for await (const object of this.#bucket.list(`${space}/`)) if (isKey(object.key)) yield object;
  }

  scratch(name: string): Promise<LocalFile> {
    return this.#parts.nearby.scratch(name);
  }

  async sweep(olderThanMs: number): Promise<number> {
    const { nearby, now } = this.#parts;
    const nearbyCount = await nearby.sweep(olderThanMs);
    // A store that cannot be reached now, as at a start, is swept another time.
    const away = await this.#sweepAway(now() - Math.max(olderThanMs, othersMs)).catch(() => 0);
    return nearbyCount + away;
  }

  ready(): Promise<Unready | undefined> {
    return this.#bucket.ready();
  }

  async directPiece(
    sizeBytes: number,
    expiresMs: number,
  ): Promise<{ name: string; request: DirectRequest } | undefined> {
    return this.#direct?.piece(sizeBytes, expiresMs);
  }

  async directRead(
    key: string,
    as: { readonly mime: string; readonly disposition?: string; readonly expiresMs: number },
  ): Promise<DirectRequest | undefined> {
    return this.#direct?.read(key, as);
  }

  async #sweepAway(beforeMs: number): Promise<number> {
    let removed = 0;
    for await (const { key, changedAtMs } of this.#bucket.list("tmp/")) {
      if (changedAtMs > beforeMs) continue;
      await this.#bucket.remove(key);
      removed += 1;
    }
    for (const { key, uploadId, beganAtMs } of await this.#bucket.listUnfinished()) {
      if (beganAtMs > beforeMs) continue;
      await this.#bucket.abort(key, uploadId);
      removed += 1;
    }
    return removed;
  }
}
