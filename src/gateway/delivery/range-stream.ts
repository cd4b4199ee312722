import type { ServerResponse } from "node:http";
import type { BlobReader } from "#kernel";
import { bufferBytes, type BufferPool } from "./buffer-pool.ts";

/**
 * Writes a range of an object with back-pressure, and closes the object. Ends early when the recipient disconnected.
 */
export async function streamRange(
  object: BlobReader,
  { start, end }: { readonly start: number; readonly end: number },
  response: ServerResponse,
  buffers: BufferPool,
): Promise<void> {
  const recipient = new Recipient(response);
  try {
    // Nothing is read while earlier responses occupy the connection: that may take long, and many may wait.
    await recipient.turn();
    if (!recipient.isDisconnected) await copyRange(object, { start, end }, recipient, buffers);
  } finally {
    recipient.detach();
    await object.close();
  }
}

async function copyRange(
  object: BlobReader,
  { start, end }: { readonly start: number; readonly end: number },
  to: Recipient,
  buffers: BufferPool,
): Promise<void> {
  const buffer = buffers.take();
  // This function, and each write that may still read the buffer, also after its recipient disconnected.
  let holders = 1;
  const release = () => {
    holders -= 1;
    if (holders === 0) buffers.release(buffer);
  };
  try {
    for (let at = start; at <= end && !to.isDisconnected; ) {
      const bytes = await object.read(at, Math.min(bufferBytes, end - at + 1), buffer);
      at += bytes.byteLength;
      if (to.isDisconnected) return;
      holders += 1;
      await to.write(bytes, release);
    }
    if (!to.isDisconnected) to.end();
  } finally {
    release();
  }
}

/** The other end of a response. */
class Recipient {
  readonly #response: ServerResponse;
  readonly #closed = () => {
    this.#isClosed = true;
    this.#wake();
  };
  // Only one of the two protocols reports afterwards that its response is closed.
  #isClosed = false;
  #wake = () => {};

  constructor(response: ServerResponse) {
    this.#response = response.once("close", this.#closed);
  }

  get isDisconnected(): boolean {
    const { destroyed, socket } = this.#response;
    // A socket that is not writable may not have reported it yet; a write would never be acknowledged.
    return this.#isClosed || destroyed || socket?.writable === false;
  }

  /** Settles when its response is the next on its connection, or it disconnected. */
  turn(): Promise<void> {
    const response = this.#response;
    if (response.socket !== null || this.isDisconnected) return Promise.resolve();
    return this.#until((done) => response.once("socket", done));
  }

  /** Settles when the bytes are sent or it disconnected; `sent` is called once nobody reads them. */
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

  /** Stops listening to the response. */
  detach(): void {
    this.#response.off("close", this.#closed);
  }

  #until(begin: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      begin(resolve);
    });
  }
}
