import { malformedRefusal, unsupportedRefusal } from "../frames/ingest-refusal.ts";

const version = 3;
const partBytes = 1536;

/**
 * The server's side of the simple handshake (RTMP 1.0 §5.2). Publishers that put a digest into C1 accept it, because S1
 * has the version 0 and so no digest. C2 is not compared: some publishers send another one.
 */
export class Handshake {
  readonly #random: (bytes: number) => Buffer;
  readonly #peer = Buffer.alloc(1 + partBytes);
  #filled = 0;
  #isAnswered = false;

  /** `random` yields as many random bytes as it is asked for. */
  constructor(random: (bytes: number) => Buffer) {
    this.#random = random;
  }

  /**
   * Takes bytes of the publisher. `answer` is to be sent; `rest` are the bytes behind the handshake, once it is
   * complete. @throws IngestRefusal where the bytes are of another protocol
   */
  receive(bytes: Buffer): { answer?: Buffer; rest?: Buffer } {
    let at = 0;
    const result: { answer?: Buffer; rest?: Buffer } = {};
    if (!this.#isAnswered) {
      at = this.#fill(bytes, 0, 1 + partBytes);
      if (this.#filled > 0) checkVersion(this.#peer.readUInt8(0));
      if (this.#filled < 1 + partBytes) return result;
      this.#isAnswered = true;
      this.#filled = 0;
      // S1 is time 0, version 0 and random bytes; S2 repeats C1.
      result.answer = Buffer.concat([
        Buffer.from([version]),
        Buffer.alloc(8),
        this.#random(partBytes - 8),
        this.#peer.subarray(1),
      ]);
    }
    at += this.#fill(bytes, at, partBytes);
    if (this.#filled === partBytes) result.rest = bytes.subarray(at);
    return result;
  }

  #fill(bytes: Buffer, at: number, size: number): number {
    const count = Math.min(size - this.#filled, bytes.length - at);
    bytes.copy(this.#peer, this.#filled, at, at + count);
    this.#filled += count;
    return count;
  }
}

function checkVersion(byte: number): void {
  if (byte === version) return;
  if (byte === 6 || byte === 8)
    throw unsupportedRefusal("encrypted RTMP (RTMPE) is not taken, use rtmp:// or rtmps://");
  if (byte === 0x16) throw unsupportedRefusal("a TLS connection arrived where plain RTMP is expected");
  throw malformedRefusal("the connection does not begin as RTMP does");
}
