import { GrpcError, status } from "./grpc.ts";
import { messageBytesMax } from "./limits.ts";

/** How many bytes go before each message: whether it is compressed, and its length in four bytes, big-endian. */
export const headBytes = 5;

/** Fills in the head of a message that has {@link headBytes} free bytes in front. @throws GrpcError when it is too large */
export function fillHead(bytes: Buffer): Buffer {
  const length = bytes.byteLength - headBytes;
  if (length > messageBytesMax) throw tooLarge(length);
  bytes[0] = 0;
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

/** A message of another encoder, with room for its head. */
export const withHead = (message: Uint8Array): Buffer => Buffer.concat([new Uint8Array(headBytes), message]);

/** Finds messages in the bytes of a stream, however they are cut. It keeps one unfinished message at most. */
export class FrameReader {
  #unfinished: Buffer | undefined;
  #size = 0;

  /** True if the stream may end here. */
  get isBetweenMessages(): boolean {
    return this.#size === 0;
  }

  /** Bytes of an unfinished message. */
  get pendingBytes(): number {
    return this.#size;
  }

  /** The messages that end with this chunk; they share its memory. @throws GrpcError when a head is none we take */
  read(chunk: Buffer): Buffer[] {
    const bytes = this.#unfinished ? this.#append(this.#unfinished, chunk) : chunk;
    const messages: Buffer[] = [];
    let at = 0;
    while (bytes.byteLength - at >= headBytes) {
      const end = at + headBytes + lengthAt(bytes, at);
      if (end > bytes.byteLength) break;
      messages.push(bytes.subarray(at + headBytes, end));
      at = end;
    }
    this.#keep(bytes, at);
    return messages;
  }

  #append(head: Buffer, chunk: Buffer): Buffer {
    const size = this.#size + chunk.byteLength;
    let whole = head;
    // Grown by doubling, so that many small chunks are not copied again and again.
    if (size > head.byteLength) {
      whole = Buffer.allocUnsafeSlow(Math.max(size, head.byteLength * 2));
      head.copy(whole, 0, 0, this.#size);
    }
    chunk.copy(whole, this.#size);
    this.#unfinished = whole;
    this.#size = size;
    return whole.subarray(0, size);
  }

  #keep(bytes: Buffer, from: number): void {
    const size = bytes.byteLength - from;
    if (size > 0 && from === 0 && this.#unfinished) return;
    // A copy, so that a few bytes do not keep all that they came with.
    this.#unfinished = size > 0 ? Buffer.from(bytes.subarray(from)) : undefined;
    this.#size = size;
  }
}

/** @throws GrpcError */
function lengthAt(bytes: Buffer, at: number): number {
  const flag = bytes[at];
  if (flag === 1)
    throw new GrpcError(status.unimplemented, "compressed messages are not taken here: send them as they are");
  if (flag !== 0) throw new GrpcError(status.internal, "this is no message of gRPC");
  const length = bytes.readUInt32BE(at + 1);
  if (length > messageBytesMax) throw tooLarge(length);
  return length;
}

const tooLarge = (length: number): GrpcError =>
  new GrpcError(status.resourceExhausted, `a message of ${length} bytes is larger than the ${messageBytesMax} allowed`);
