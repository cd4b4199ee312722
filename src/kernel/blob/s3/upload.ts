import { Block } from "../block.ts";
import type { Part, S3Bucket } from "./bucket.ts";

/** A server takes 10,000 parts at most, and some want all but the last to be of one length. */
const partsMax = 10_000;
const partBytes = 8 * 2 ** 20;

/**
 * Bytes on their way to one key, in parts of one length; nobody sees them before the end. Up to three parts are in
 * memory: one being filled, one being sent, and while they change places a piece of a third.
 */
export class S3Upload {
  readonly #bucket: S3Bucket;
  readonly #key: string;
  readonly #block: Block;
  readonly #parts: Part[] = [];
  #uploadId: string | undefined;
  #sending: Promise<void> | undefined;
  #failed: { readonly why: unknown } | undefined;

  /** @param sizeBytes how much is to come, where that is known. */
  constructor(bucket: S3Bucket, key: string, sizeBytes = 0) {
    this.#bucket = bucket;
    this.#key = key;
    this.#block = new Block(Math.max(partBytes, Math.ceil(sizeBytes / (partsMax - 1))));
  }

  /** True if the store has some of it. */
  get isBegun(): boolean {
    return this.#uploadId !== undefined;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let remainder = bytes; remainder.byteLength > 0; ) {
      if (this.#block.isFull) await this.#send();
      remainder = this.#block.add(remainder);
    }
  }

  /** Makes the object. @param key where it goes if nothing of it was sent yet. */
  async end(key = this.#key): Promise<void> {
    if (this.#uploadId === undefined) return this.#bucket.put(key, this.#block.take());
    if (this.#block.sizeBytes > 0) await this.#send();
    await this.#finishSending();
    await this.#bucket.complete(this.#key, this.#uploadId, this.#parts);
    this.#uploadId = undefined;
  }

  /** Leaves as little behind as the server allows: the sweeper removes what it cannot. */
  async abort(): Promise<void> {
    this.#block.take();
    await this.#sending;
    if (this.#uploadId !== undefined) await this.#bucket.abort(this.#key, this.#uploadId).catch(() => undefined);
    this.#uploadId = undefined;
  }

  /** Sends the collected bytes while the next part is filled. */
  async #send(): Promise<void> {
    await this.#finishSending();
    const uploadId = (this.#uploadId ??= await this.#bucket.begin(this.#key));
    const number = this.#parts.length + 1;
    this.#sending = this.#bucket.part(this.#key, uploadId, number, this.#block.take()).then(
      (part) => {
        this.#parts.push(part);
      },
      (why: unknown) => {
        this.#failed = { why };
      },
    );
  }

  async #finishSending(): Promise<void> {
    await this.#sending;
    if (this.#failed) throw this.#failed.why;
  }
}
