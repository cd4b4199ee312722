import { tooLargeRefusal } from "../frames/ingest-refusal.ts";

/** A publisher needs some forty chunks of 128 bytes until its stream is accepted. */
const strangerChunks = 200;
/** Bytes that allow one chunk more: half of the smallest chunk that RTMP 1.0 §5.4.1 recommends. */
const bytesPerChunk = 64;
/** Bytes without chunks earn at most this many later chunks. */
const earnedMax = 4_000;

/**
 * How many chunks a connection may send. A chunk costs the same work whether it has one byte or 64 KiB: without a bound, a
 * connection of 2 MB/s of one-byte messages occupies a core.
 */
export class ChunkBudget {
  #earned = 0;
  #strangerChunks = strangerChunks;
  #spendSpare: (() => boolean) | undefined;

  /** Bytes came. */
  earn(bytes: number): void {
    this.#earned = Math.min(this.#earned + bytes / bytesPerChunk, earnedMax);
  }

  /** The stream was accepted. From now on `spendSpare` decides about chunks that its bytes do not allow. */
  publish(spendSpare: () => boolean): void {
    this.#spendSpare = spendSpare;
  }

  /** Counts a chunk, or a message within another. @throws IngestRefusal */
  spend(): void {
    if (this.#earned >= 1) {
      this.#earned--;
      return;
    }
    if (this.#spendSpare ? this.#spendSpare() : this.#strangerChunks-- > 0) return;
    throw tooLargeRefusal("too many messages were sent for so few bytes");
  }
}
