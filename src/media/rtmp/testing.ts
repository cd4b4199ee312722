import type { Message } from "./message.ts";

/** Chunks without a budget, for a {@link ChunkReader}. */
export const unbounded = (): void => undefined;

interface Sent {
  timestamp: number;
  delta: number;
  length: number;
  type: number;
  streamId: number;
}

/** Writes chunks as publishers do, with the shortest header that the last one on the chunk stream allows. */
export class PublisherChunks {
  readonly #chunkSize: number;
  readonly #isRepeated: boolean;
  readonly #last = new Map<number, Sent>();

  /** `isRepeated`: an extended timestamp is repeated in chunks of format 3. */
  constructor(chunkSize: number, isRepeated: boolean) {
    this.#chunkSize = chunkSize;
    this.#isRepeated = isRepeated;
  }

  /** The chunks of one message. */
  chunks(id: number, message: Message): Buffer[] {
    const { payload } = message;
    const { header, extended } = this.#header(id, message);
    const chunks = [Buffer.concat([header, payload.subarray(0, this.#chunkSize)])];
    const repeated = this.#isRepeated ? extended : Buffer.alloc(0);
    for (let at = this.#chunkSize; at < payload.length; at += this.#chunkSize)
      chunks.push(Buffer.concat([basic(3, id), repeated, payload.subarray(at, at + this.#chunkSize)]));
    return chunks;
  }

  /** Chunks of the messages in turn; of each chunk stream in order. With the messages in the order of their ends. */
  interleave(
    messages: readonly (Message & { readonly id: number })[],
    turns: readonly number[],
  ): { bytes: Buffer; messages: Message[] } {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(this.#chunkSize);
    const sent: Buffer[] = [Buffer.concat([basic(0, 2), Buffer.from([0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0]), size])];
    const completed: Message[] = [];
    const queues = new Map<number, { chunk: Buffer; ends?: Message }[]>();
    for (const { id, ...message } of messages) {
      const chunks = this.chunks(id, message);
      const queue = queues.get(id) ?? [];
      queue.push(...chunks.map((chunk, n) => (n === chunks.length - 1 ? { chunk, ends: message } : { chunk })));
      queues.set(id, queue);
    }
    for (let n = 0; queues.size > 0; n++) {
      const ids = [...queues.keys()];
      const id = ids[(turns[n % turns.length] ?? 0) % ids.length] ?? 0;
      const next = queues.get(id)?.shift();
      if (queues.get(id)?.length === 0) queues.delete(id);
      if (next === undefined) continue;
      sent.push(next.chunk);
      if (next.ends !== undefined) completed.push(next.ends);
    }
    // Behind an extended timestamp that is not repeated, a reader may wait for up to four bytes.
    const last: Message = { type: 3, streamId: 0, timestamp: 0, payload: Buffer.alloc(4) };
    return { bytes: Buffer.concat([...sent, ...this.chunks(2, last)]), messages: [...completed, last] };
  }

  #header(id: number, { type, streamId, timestamp, payload }: Message): { header: Buffer; extended: Buffer } {
    const last = this.#last.get(id);
    const isContinued = last !== undefined && last.streamId === streamId && timestamp >= last.timestamp;
    const delta = isContinued ? timestamp - last.timestamp : timestamp;
    const isAlike = isContinued && last.length === payload.length && last.type === type;
    const format = !isContinued ? 0 : !isAlike ? 1 : delta !== last.delta ? 2 : 3;
    this.#last.set(id, { timestamp, delta, length: payload.length, type, streamId });
    const fields = Buffer.alloc(11);
    fields.writeUIntBE(Math.min(delta, 0xff_ff_ff), 0, 3);
    fields.writeUIntBE(payload.length, 3, 3);
    fields.writeUInt8(type, 6);
    fields.writeUInt32LE(streamId, 7);
    const extended = Buffer.alloc(delta >= 0xff_ff_ff ? 4 : 0);
    if (extended.length > 0) extended.writeUInt32BE(delta);
    const plain = fields.subarray(0, [11, 7, 3, 0][format]);
    const isWritten = format < 3 || this.#isRepeated;
    return { header: Buffer.concat([basic(format, id), plain, isWritten ? extended : Buffer.alloc(0)]), extended };
  }
}

function basic(format: number, id: number): Buffer {
  const high = format << 6;
  if (id < 64) return Buffer.from([high | id]);
  if (id < 320) return Buffer.from([high, id - 64]);
  return Buffer.from([high | 1, (id - 64) & 255, (id - 64) >> 8]);
}
