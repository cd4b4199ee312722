import type { ServerResponse } from "node:http";
import type { BlobReader } from "#kernel";
import { chunkBytes, type Chunks } from "./chunks.ts";

/**
 * Writes a part of an object, each chunk when the one before is on its way, and closes the object; ends early when the
 * recipient went away.
 */
export async function pour(
  object: BlobReader,
  { start, end }: { readonly start: number; readonly end: number },
  response: ServerResponse,
  chunks: Chunks,
): Promise<void> {
  const recipient = new Recipient(response);
  try {
    // Nothing is read for an answer behind others on its connection: it may wait for long, and they may be many.
    await recipient.turn();
    if (!recipient.isGone) await pass(object, { start, end }, recipient, chunks);
  } finally {
    recipient.leave();
    await object.close();
  }
}

async function pass(
  object: BlobReader,
  { start, end }: { readonly start: number; readonly end: number },
  to: Recipient,
  chunks: Chunks,
): Promise<void> {
  const chunk = chunks.take();
  // We, and each write that may still look at it, also after its recipient has gone.
  let holders = 1;
  const release = () => {
    holders -= 1;
    if (holders === 0) chunks.giveBack(chunk);
  };
  try {
    for (let at = start; at <= end && !to.isGone; ) {
      const bytes = await object.read(at, Math.min(chunkBytes, end - at + 1), chunk);
      at += bytes.byteLength;
      if (to.isGone) return;
      holders += 1;
      await to.write(bytes, release);
    }
    if (!to.isGone) to.end();
  } finally {
    release();
  }
}

/** Who is at the other end of a response. */
class Recipient {
  readonly #response: ServerResponse;
  readonly #closed = () => {
    this.#isClosed = true;
    this.#wake();
  };
  // Of the two protocols' responses one alone says afterwards that it is closed.
  #isClosed = false;
  #wake = () => {};

  constructor(response: ServerResponse) {
    this.#response = response.once("close", this.#closed);
  }

  get isGone(): boolean {
    const { destroyed, socket } = this.#response;
    // A socket that takes no more may not have said so yet; what it is given then, nobody hears of again.
    return this.#isClosed || destroyed || socket?.writable === false;
  }

  /** Settles when its answer is the next on its connection, or it is gone. */
  turn(): Promise<void> {
    const response = this.#response;
    if (response.socket !== null || this.isGone) return Promise.resolve();
    return this.#until((done) => response.once("socket", done));
  }

  /** Settles when the bytes are on their way or it is gone; `sent` is called when nobody looks at them any more. */
  write(bytes: Buffer, sent: () => void): Promise<void> {
    return this.#until((done) => {
      this.#response.write(bytes, () => {
        sent();
        done();
      });
    });
  }

  end(): void {
    this.#response.end();
  }

  /** It is listened to no more. */
  leave(): void {
    this.#response.off("close", this.#closed);
  }

  #until(begin: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      begin(resolve);
    });
  }
}
