import { crc32 } from "node:zlib";

/** A read is widened to whole blocks: larger ones cost short reads more, smaller ones take more room for checksums. */
export const blockBytes = 64 * 1_024;

const magic = Buffer.from("KINSUMS1");
const sumBytes = 4;
const hashBytes = 32;
const headBytes = magic.byteLength + hashBytes + 8;

/** The CRC-32 of each block of some content. */
export class BlockChecksums {
  readonly sizeBytes: number;
  readonly #sums: Uint32Array;

  constructor(sizeBytes: number, sums: Uint32Array) {
    this.sizeBytes = sizeBytes;
    this.#sums = sums;
  }

  /** The memory it takes. */
  get byteLength(): number {
    return this.#sums.byteLength;
  }

  /**
   * True if these are the bytes from `position` on. A block begins there; only the end of the object may cut the last
   * one.
   */
  matches(position: number, bytes: Uint8Array): boolean {
    if (position + bytes.byteLength > this.sizeBytes) return false;
    for (let at = 0; at < bytes.byteLength; at += blockBytes)
      if (crc32(bytes.subarray(at, at + blockBytes)) !== this.#sums[(position + at) / blockBytes]) return false;
    return true;
  }

  equals(other: BlockChecksums): boolean {
    return this.sizeBytes === other.sizeBytes && this.#sums.every((sum, index) => sum === other.#sums[index]);
  }

  /**
   * As it is stored: `KINSUMS1`, the SHA-256 of the content, its length (64 bits), a CRC-32 for each block, and the CRC-32
   * of all this. Little-endian.
   */
  encode(sha256: string): Buffer {
    const bytes = Buffer.alloc(headBytes + (this.#sums.length + 1) * sumBytes);
    magic.copy(bytes);
    bytes.write(sha256, magic.byteLength, "hex");
    bytes.writeBigUInt64LE(BigInt(this.sizeBytes), magic.byteLength + hashBytes);
    for (const [index, sum] of this.#sums.entries()) bytes.writeUInt32LE(sum, headBytes + index * sumBytes);
    const end = bytes.byteLength - sumBytes;
    bytes.writeUInt32LE(crc32(bytes.subarray(0, end)), end);
    return bytes;
  }

  /** Undefined where these bytes are not those that were encoded for this content. */
  static decode(sha256: string, bytes: Buffer): BlockChecksums | undefined {
    const end = bytes.byteLength - sumBytes;
    if (end < headBytes || crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) return undefined;
    if (!bytes.subarray(0, magic.byteLength).equals(magic)) return undefined;
    if (bytes.toString("hex", magic.byteLength, magic.byteLength + hashBytes) !== sha256) return undefined;
    const sizeBytes = Number(bytes.readBigUInt64LE(magic.byteLength + hashBytes));
    const sums = new Uint32Array((end - headBytes) / sumBytes);
    if (sums.length !== Math.ceil(sizeBytes / blockBytes)) return undefined;
    for (const index of sums.keys()) sums[index] = bytes.readUInt32LE(headBytes + index * sumBytes);
    return new BlockChecksums(sizeBytes, sums);
  }
}

/** Computes the checksums of bytes while they pass. */
export class BlockChecksumPass {
  readonly #sums: number[] = [];
  #sum = 0;
  #sizeBytes = 0;

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength; ) {
      const part = bytes.subarray(at, at + blockBytes - (this.#sizeBytes % blockBytes));
      this.#sum = crc32(part, this.#sum);
      this.#sizeBytes += part.byteLength;
      at += part.byteLength;
      if (this.#sizeBytes % blockBytes > 0) continue;
      this.#sums.push(this.#sum);
      this.#sum = 0;
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The checksums of the bytes so far. */
  result(): BlockChecksums {
    const isCut = this.#sizeBytes % blockBytes > 0;
    return new BlockChecksums(this.#sizeBytes, Uint32Array.from(isCut ? [...this.#sums, this.#sum] : this.#sums));
  }
}
