import { malformedRefusal, tooLargeRefusal } from "../frames/ingest-refusal.ts";
import { type Message, messageTypes } from "./message.ts";

/** Basic header, message header and extended timestamp (RTMP 1.0 §5.3.1). */
const headerBytesMax = 3 + 11 + 4;
const messageHeaderBytes = [11, 7, 3, 0] as const;
const extendedMark = 0xff_ff_ff;
const chunkStreamsMax = 64;
/** §5.4.1: no message is larger, so a larger chunk size means the same. */
const chunkSizeMax = 0xff_ff_ff;
/** The most bytes of all messages that have begun. */
export const pendingBytesMax = 24 * 2 ** 20;

/** The fields of the last header of a chunk stream. */
interface ChunkStream {
  timestamp: number;
  delta: number;
  /** The contents of the extended timestamp, where there was one. */
  extended: Buffer | undefined;
  length: number;
  type: number;
  streamId: number;
  /** The message that has begun. */
  body: Buffer | undefined;
  filled: number;
}

/**
 * Puts messages together from chunks (RTMP 1.0 §5.3) out of bytes in pieces of any size, and obeys the messages about
 * chunks itself. Each payload is copied once, into a buffer of its own.
 *
 * Bounds: 64 chunk streams; `pendingBytesMax` for messages that have begun; for each message what `bytesMax` allows its
 * type at its first chunk; as many chunks as `spend` allows.
 */
export class ChunkReader {
  readonly #bytesMax: (type: number) => number;
  readonly #spend: () => void;
  readonly #streams = new Map<number, ChunkStream>();
  readonly #header = Buffer.alloc(headerBytesMax);
  #headerFilled = 0;
  /** The chunk whose payload is due, and how much of it is. */
  #current: ChunkStream | undefined;
  #due = 0;
  #chunkSize = 128;
  #pendingBytes = 0;

  /** @param spend called at each chunk, before its payload is read; what it throws ends the reading */
  constructor(bytesMax: (type: number) => number, spend: () => void) {
    this.#bytesMax = bytesMax;
    this.#spend = spend;
  }

  /** Bytes of messages that have begun. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** The messages that these bytes complete. Each is to be taken before the next bytes are given. @throws IngestRefusal */
  *read(bytes: Buffer): Generator<Message, void, undefined> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#current === undefined) {
        at += this.#fillHeader(bytes, at);
        const need = this.#headerBytes();
        if (this.#headerFilled < need) return;
        const behind = Buffer.from(this.#header.subarray(need, this.#headerFilled));
        this.#headerFilled = 0;
        this.#begin(need);
        const empty = this.#completeMessage();
        if (empty !== undefined) yield empty;
        if (behind.length > 0) yield* this.read(behind);
        continue;
      }
      at += this.#fillBody(this.#current, bytes, at);
      const message = this.#completeMessage();
      if (message !== undefined) yield message;
    }
  }

  #fillHeader(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && this.#headerFilled < this.#headerBytes())
      this.#header[this.#headerFilled++] = bytes[at++] ?? 0;
    return at - from;
  }

  /** How many bytes the header has, as far as its first bytes say. */
  #headerBytes(): number {
    const filled = this.#headerFilled;
    if (filled === 0) return 1;
    const basic = this.#basicBytes();
    if (filled < basic) return basic;
    const format = this.#format();
    const plain = basic + messageHeaderBytes[format];
    if (filled < plain) return plain;
    if (format < 3) return this.#header.readUIntBE(basic, 3) === extendedMark ? plain + 4 : plain;
    // §5.3.1.3 wants an extended timestamp repeated here. Some publishers leave it out: then other bytes follow.
    const extended = this.#streams.get(this.#id())?.extended;
    if (extended === undefined) return plain;
    const repeated = this.#header.subarray(plain, Math.min(filled, plain + 4));
    return extended.subarray(0, repeated.length).equals(repeated) ? plain + 4 : plain;
  }

  #format(): 0 | 1 | 2 | 3 {
    // Two bits have these four values.
    return ((this.#header[0] ?? 0) >> 6) as 0 | 1 | 2 | 3;
  }

  #basicBytes(): number {
    const low = (this.#header[0] ?? 0) & 63;
    return low === 0 ? 2 : low === 1 ? 3 : 1;
  }

  /** §5.3.1.1: the chunk stream, 2 to 65599. */
  #id(): number {
    const [first = 0, second = 0, third = 0] = this.#header;
    const low = first & 63;
    return low === 0 ? 64 + second : low === 1 ? 64 + second + 256 * third : low;
  }

  #begin(headerBytes: number): void {
    this.#spend();
    const format = this.#format();
    const id = this.#id();
    const stream = this.#streams.get(id) ?? this.#add(id, format);
    const basic = this.#basicBytes();
    if (stream.body !== undefined && format !== 3)
      throw malformedRefusal("a message begins within another of its chunk stream");
    if (format < 3) this.#readHeader(stream, format, basic, headerBytes);
    if (stream.body === undefined) {
      stream.timestamp = (stream.timestamp + stream.delta) >>> 0;
      this.#allocate(stream);
    }
    this.#current = stream;
    this.#due = Math.min(this.#chunkSize, stream.length - stream.filled);
  }

  #add(id: number, format: number): ChunkStream {
    // Some publishers begin a chunk stream with the shorter header of format 1.
    if (format > 1) throw malformedRefusal("a chunk stream begins without a length");
    if (this.#streams.size >= chunkStreamsMax)
      throw tooLargeRefusal(`there are more than ${chunkStreamsMax} chunk streams`);
    const stream: ChunkStream = {
      timestamp: 0,
      delta: 0,
      extended: undefined,
      length: 0,
      type: 0,
      streamId: 0,
      body: undefined,
      filled: 0,
    };
    this.#streams.set(id, stream);
    return stream;
  }

  /** §5.3.1.2. A header of format 3 after one of format 0 counts on by the timestamp itself (§5.3.1.2.4). */
  #readHeader(stream: ChunkStream, format: number, basic: number, end: number): void {
    const header = this.#header;
    const short = header.readUIntBE(basic, 3);
    stream.extended = short === extendedMark ? Buffer.from(header.subarray(end - 4, end)) : undefined;
    stream.delta = stream.extended?.readUInt32BE() ?? short;
    if (format === 0) stream.timestamp = 0;
    if (format > 1) return;
    stream.length = header.readUIntBE(basic + 3, 3);
    stream.type = header.readUInt8(basic + 6);
    if (format === 0) stream.streamId = header.readUInt32LE(basic + 7);
  }

  #allocate(stream: ChunkStream): void {
    const { length, type } = stream;
    if (length > this.#bytesMax(type))
      throw tooLargeRefusal(`a message of type ${type} has ${length} bytes, which are too many`);
    if (this.#pendingBytes + length > pendingBytesMax)
      throw tooLargeRefusal("messages that have begun are too large together");
    this.#pendingBytes += length;
    stream.body = Buffer.allocUnsafe(length);
    stream.filled = 0;
  }

  #fillBody(stream: ChunkStream, bytes: Buffer, at: number): number {
    const count = Math.min(this.#due, bytes.length - at);
    if (stream.body !== undefined) bytes.copy(stream.body, stream.filled, at, at + count);
    stream.filled += count;
    this.#due -= count;
    return count;
  }

  /** The message that ends with the current chunk, where the chunk is whole and the message is not about chunks. */
  #completeMessage(): Message | undefined {
    const stream = this.#current;
    if (stream === undefined || this.#due > 0) return undefined;
    this.#current = undefined;
    if (stream.body === undefined || stream.filled < stream.length) return undefined;
    const { type, streamId, timestamp, body: payload } = stream;
    this.#discard(stream);
    if (type === messageTypes.setChunkSize) this.#setChunkSize(payload);
    else if (type === messageTypes.abort) this.#abort(payload);
    else return { type, streamId, timestamp, payload };
    return undefined;
  }

  #discard(stream: ChunkStream): void {
    if (stream.body === undefined) return;
    this.#pendingBytes -= stream.length;
    stream.body = undefined;
    stream.filled = 0;
  }

  #setChunkSize(payload: Buffer): void {
    const size = payload.length === 4 ? payload.readUInt32BE() : 0;
    if (size < 1 || size > 0x7f_ff_ff_ff) throw malformedRefusal("the chunk size is not a positive number");
    this.#chunkSize = Math.min(size, chunkSizeMax);
  }

  #abort(payload: Buffer): void {
    if (payload.length !== 4) throw malformedRefusal("a message that aborts another is cut off");
    const stream = this.#streams.get(payload.readUInt32BE());
    if (stream !== undefined) this.#discard(stream);
  }
}
