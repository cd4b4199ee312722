import type { ServerResponse } from "node:http";
import type { BlobReader } from "#kernel";
import { bufferBytes, type BufferPool } from "./buffer-pool.ts";

interface RangeParts {
  readonly object: BlobReader;
  /** Both included. */
  readonly start: number;
  readonly end: number;
  readonly response: ServerResponse;
  readonly buffers: BufferPool;
}

/** A range of an object on its way to a client; it closes the object. */
export class RangeStream {
  readonly #parts: RangeParts;
  readonly #recipient: Recipient;
  #buffer: Buffer | undefined;
  /** This stream, and each write that may still read the buffer, also after its recipient disconnected. */
  #holders = 1;
  #at: number;
  #next: Buffer | undefined;

  private constructor(parts: RangeParts) {
    this.#parts = parts;
    this.#at = parts.start;
    this.#recipient = new Recipient(parts.response);
  }

  /** Reads the first bytes of the range, whose failure can still be answered with a status. */
  static async open(parts: RangeParts): Promise<RangeStream> {
    const stream = new RangeStream(parts);
    try {
      // Nothing is read while earlier responses occupy the connection: that may take long, and many may wait.
      await stream.#recipient.turn();
      stream.#buffer = parts.buffers.take();
      await stream.#read();
      return stream;
    } catch (error) {
      await stream.#close();
      throw error;
    }
  }

  /** Writes the range with back-pressure after the head of its response. Ends early when the recipient disconnected. */
  async send(): Promise<void> {
    const recipient = this.#recipient;
    try {
      while (this.#next) {
        this.#holders += 1;
        await recipient.write(this.#next, () => this.#release());
        await this.#read();
      }
      if (!recipient.isDisconnected) recipient.end();
    } finally {
      await this.#close();
    }
  }

  async #read(): Promise<void> {
    const { object, end } = this.#parts;
    this.#next = undefined;
    if (this.#recipient.isDisconnected || this.#at > end) return;
    // To where a buffer's length ends in the object: its blocks are compared whole, and read once this way.
    const room = bufferBytes - (this.#at % bufferBytes);
    const bytes = await object.read(this.#at, Math.min(room, end - this.#at + 1), this.#buffer);
    this.#at += bytes.byteLength;
    if (!this.#recipient.isDisconnected) this.#next = bytes;
  }

  async #close(): Promise<void> {
    this.#recipient.detach();
    this.#release();
    await this.#parts.object.close();
  }

  #release(): void {
    this.#holders -= 1;
    if (this.#holders === 0 && this.#buffer) this.#parts.buffers.release(this.#buffer);
  }
}

/** The other end of a response. */
class Recipient {
  readonly #response: ServerResponse;
  readonly #onClosed = () => {
    this.#isClosed = true;
    this.#wake();
  };
  // Only one of the two protocols reports afterwards that its response is closed.
  #isClosed = false;
  #wake = () => {};

  constructor(response: ServerResponse) {
    this.#response = response.once("close", this.#onClosed);
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
    this.#response.off("close", this.#onClosed);
  }

  #until(begin: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      begin(resolve);
    });
  }
}
