import { randomBytes } from "node:crypto";
import { StorageUnavailable } from "../../errors.ts";
import type { Failpoints } from "../../environment/failpoint.ts";
import { mapConcurrently } from "../concurrency.ts";
import { Block } from "../block.ts";
import { checkedPieces } from "../piece-check.ts";
import { type Digests, sufficient } from "../digest.ts";
import { assertPiece, isPiece, type OtherHash, type Piece, type PieceWriter, type StoredBlob } from "../port.ts";
import type { S3Bucket, Span } from "./bucket.ts";
import { keyOf, type S3Objects } from "./objects.ts";

/** Bytes that a writer holds in memory before they become a piece though no caller asked to keep them. */
const blockBytes = 16 * 2 ** 20;
/** How many requests are under way for one call. */
const requestsAtOnce = 8;
/** Objects up to this size are read and sent again: assembling them on the server takes many requests. */
const smallBytes = 8 * 2 ** 20;

/** Pieces as objects at `pieces/<32 hexadecimal digits>`. They cannot be added to, so each run of bytes is another one. */
export class S3Pieces {
  readonly #bucket: S3Bucket;
  readonly #objects: S3Objects;
  readonly #failpoints: Failpoints;

  constructor(bucket: S3Bucket, objects: S3Objects, failpoints: Failpoints) {
    this.#bucket = bucket;
    this.#objects = objects;
    this.#failpoints = failpoints;
  }

  async write(after?: Piece): Promise<PieceWriter> {
    if (after) await this.#assertLong(after);
    const block = new Block(blockBytes);
    const sent: Piece[] = [];
    let keptCount = 0;
    let isOpen = true;
    const send = async () => {
      const { sizeBytes } = block;
      if (sizeBytes === 0) return;
      const name = newPiece();
      await this.#failpoints.hit("piece.before_sync");
      const bytes = block.take();
      // After a failure nothing more of this writer is kept: the bytes are not here any more.
      sent.push({ name, sizeBytes: Number.NaN });
      await this.#bucket.put(pathOf(name), bytes);
      sent[sent.length - 1] = { name, sizeBytes };
      await this.#failpoints.hit("piece.after_sync");
    };
    const assertWhole = () => {
      if (sent.some(({ sizeBytes }) => Number.isNaN(sizeBytes)))
        throw StorageUnavailable({}, new Error("bytes of this writer were lost"));
    };
    return {
      isGrowing: false,
      write: async (bytes) => {
        assertWhole();
        for (let remainder = bytes; remainder.byteLength > 0; ) {
          if (block.isFull) await send();
          remainder = block.add(remainder);
        }
      },
      keep: async () => {
        assertWhole();
        await send();
        keptCount = sent.length;
        return [...(after ? [after] : []), ...sent];
      },
      close: async () => {
        if (!isOpen) return;
        isOpen = false;
        block.take();
        // No caller knows the names of these pieces; the sweep of orphans removes any that cannot be removed now.
        await this.drop(sent.slice(keptCount).map(({ name }) => name)).catch(() => undefined);
      },
    };
  }

  async salvage(name: string): Promise<number | undefined> {
    assertPiece(name);
    return (await this.#bucket.head(pathOf(name)))?.sizeBytes;
  }

  async assemble(
    space: string,
    pieces: readonly Piece[],
    also: readonly OtherHash[] | undefined,
    knownDigests: Digests | undefined,
  ): Promise<StoredBlob> {
    const spans = spansOf(pieces);
    await mapConcurrently(requestsAtOnce, pieces, (piece) => this.#assertLong(piece));
    const sizeBytes = pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0);
    const digests = sufficient(knownDigests, also);
    if (digests && sizeBytes > smallBytes) {
      const key = keyOf(space, digests);
      await this.#failpoints.hit("blob.before_rename");
      await this.#objects.copy(spans, key);
      return this.#objects.finishStored(key, digests, sizeBytes);
    }
    const writer = await this.#objects.create(space, also, knownDigests?.sha256);
    try {
      for await (const bytes of this.bytes(pieces)) await writer.write(bytes);
      return await writer.commit();
    } finally {
      await writer.abort();
    }
  }

  bytes(pieces: readonly Piece[]): AsyncIterable<Uint8Array> {
    return checkedPieces(pieces, this.#objects.bytesOf(spansOf(pieces)));
  }

  async range(name: string, from: number, length: number): Promise<Uint8Array> {
    assertPiece(name);
    return Buffer.concat(await Array.fromAsync(this.#objects.bytesOf([{ key: pathOf(name), from, length }])));
  }

  async drop(names: readonly string[]): Promise<void> {
    for (const name of names) assertPiece(name);
    await mapConcurrently(requestsAtOnce, names, async (name) => {
      await this.#bucket.remove(pathOf(name));
      await this.#failpoints.hit("piece.dropped");
    });
  }

  async *list(): AsyncIterable<{ name: string; changedAtMs: number }> {
    for await (const { key, changedAtMs } of this.#bucket.list("pieces/")) {
      const name = key.slice("pieces/".length);
      if (isPiece(name)) yield { name, changedAtMs };
    }
  }

  async #assertLong({ name, sizeBytes }: Piece): Promise<void> {
    const storedBytes = await this.salvage(name);
    if (storedBytes === undefined || storedBytes < sizeBytes)
      throw StorageUnavailable({}, new Error("a piece is missing or shorter than counted"));
  }
}

function spansOf(pieces: readonly Piece[]): Span[] {
  for (const { name } of pieces) assertPiece(name);
  return pieces.map(({ name, sizeBytes }) => ({ key: pathOf(name), from: 0, length: sizeBytes }));
}

export const newPiece = (): string => randomBytes(16).toString("hex");
export const pathOf = (name: string): string => `pieces/${name}`;
