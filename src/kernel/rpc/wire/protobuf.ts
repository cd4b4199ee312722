/*
 * The wire format of protobuf (protobuf.dev/programming-guides/encoding): fields of a tag, which is a number and how the
 * value is written, and the value. Whole numbers are exact up to 2^53, as everywhere here.
 */

/** How a value is written: the low three bits of a tag. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;

/** Bytes that are no message. */
export class Malformed extends Error {
  constructor(problem: string) {
    super(`this is no message: ${problem}`);
    this.name = "Malformed";
  }
}

const initialBytes = 16 * 1_024;
/** A buffer that grew larger for one message is not kept for the next. */
const keptBytesMax = 2 ** 20;
const low = 2 ** 32;
const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Writes one message at a time into a buffer that is used again. */
export class Writer {
  #buffer = Buffer.allocUnsafe(initialBytes);
  #at = 0;

  /** Begins a message, with this many bytes left free in front of it. */
  begin(headroom: number): void {
    if (this.#buffer.byteLength > keptBytesMax) this.#buffer = Buffer.allocUnsafe(initialBytes);
    this.#at = headroom;
  }

  /** A copy of what was written. */
  end(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#at));
  }

  /** An unsigned number below 2^32, such as a tag or a length. */
  uint32(value: number): void {
    this.#reserve(5);
    let remaining = value;
    while (remaining > 0x7f) {
      this.#buffer[this.#at++] = (remaining & 0x7f) | 0x80;
      remaining >>>= 7;
    }
    this.#buffer[this.#at++] = remaining;
  }

  /** @param value a safe integer; a negative one takes ten bytes. */
  int64(value: number): void {
    if (value >= 0 && value < low) {
      this.uint32(value);
      return;
    }
    this.#reserve(10);
    let high = Math.floor(value / low);
    let lowBits = (value - high * low) >>> 0;
    high >>>= 0;
    while (high > 0 || lowBits > 0x7f) {
      this.#buffer[this.#at++] = (lowBits & 0x7f) | 0x80;
      lowBits = ((lowBits >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.#buffer[this.#at++] = lowBits;
  }

  double(value: number): void {
    this.#reserve(8);
    float[0] = value;
    for (let n = 0; n < 8; n++) this.#buffer[this.#at + n] = floatBytes[isLittleEndian ? n : 7 - n] ?? 0;
    this.#at += 8;
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.byteLength);
    this.#reserve(value.byteLength);
    this.#buffer.set(value, this.#at);
    this.#at += value.byteLength;
  }

  string(value: string): void {
    // A unit of memory takes at most three bytes; short text is mostly ASCII, and its length then known.
    if (value.length < 0x80 / 3) {
      this.#reserve(0x80);
      const from = this.#at + 1;
      let at = from;
      for (let n = 0; n < value.length; n++) {
        const unit = value.charCodeAt(n);
        if (unit > 0x7f) {
          at = from + this.#buffer.write(value, from);
          break;
        }
        this.#buffer[at++] = unit;
      }
      this.#buffer[from - 1] = at - from;
      this.#at = at;
      return;
    }
    const length = Buffer.byteLength(value);
    this.uint32(length);
    this.#reserve(length);
    this.#at += this.#buffer.write(value, this.#at);
  }

  /** Begins a message within this one; what it yields goes to {@link close}. */
  open(): number {
    this.#reserve(1);
    return this.#at++;
  }

  /** Ends it: its length goes in front of it. Most lengths take the one byte that was left for them. */
  close(opened: number): void {
    const from = opened + 1;
    const length = this.#at - from;
    let extra = 0;
    for (let remaining = length >>> 7; remaining > 0; remaining >>>= 7) extra += 1;
    if (extra > 0) {
      this.#reserve(extra);
      this.#buffer.copyWithin(from + extra, from, this.#at);
    }
    const end = this.#at + extra;
    this.#at = opened;
    this.uint32(length);
    this.#at = end;
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#buffer.byteLength) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.byteLength * 2));
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
  }
}

const depthMax = 64;
/** Empty messages take two bytes on the wire and some hundred in memory: there are limits to how many of them are made. */
const elementsMax = 2 ** 20;

/** Reads a message. Everything throws {@link Malformed} where the bytes end too soon or are none of its kind. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  #end: number;
  #depth = 0;
  #elements = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#end = bytes.byteLength;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** The next tag: field number × 8 + wire type. */
  tag(): number {
    const tag = this.#varint32();
    if (tag < 8) throw new Malformed("a field has no number");
    return tag;
  }

  int64(): number {
    let lowBits = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      const part = byte & 0x7f;
      if (shift < 28) lowBits |= part << shift;
      else if (shift === 28) {
        lowBits |= part << 28;
        high |= part >>> 4;
      } else high |= part << (shift - 32);
      if (byte < 0x80) return (high | 0) * low + (lowBits >>> 0);
    }
    throw new Malformed("a number does not end");
  }

  bool(): boolean {
    return this.int64() !== 0;
  }

  double(): number {
    const at = this.#skipBytes(8);
    for (let n = 0; n < 8; n++) floatBytes[isLittleEndian ? n : 7 - n] = this.#bytes[at + n] ?? 0;
    return float[0] ?? 0;
  }

  bytes(): Uint8Array {
    const length = this.#varint32();
    const at = this.#skipBytes(length);
    return new Uint8Array(this.#bytes.subarray(at, at + length));
  }

  string(): string {
    const length = this.#varint32();
    const at = this.#skipBytes(length);
    const text = this.#bytes.toString("utf8", at, at + length);
    // Bytes that are no UTF-8 are read as this character, which may also have been sent.
    if (text.includes("\ufffd") && Buffer.from(text).compare(this.#bytes, at, at + length) !== 0)
      throw new Malformed("text that is not UTF-8");
    return text;
  }

  /** Enters a message within this one, or a list of numbers; what it yields goes to {@link leave}. */
  enter(): number {
    const length = this.#varint32();
    const outer = this.#end;
    this.#end = this.#skipBytes(length) + length;
    this.#at -= length;
    if (++this.#depth > depthMax) throw new Malformed("messages lie too deep in each other");
    return outer;
  }

  leave(outer: number): void {
    this.#end = outer;
    this.#depth -= 1;
  }

  /** One more value of a list. */
  count(): void {
    if (++this.#elements > elementsMax) throw new Malformed("it has too many values");
  }

  /** Goes past the value of a field nobody knows. */
  skip(tag: number): void {
    const type = tag & 7;
    if (type === wireTypes.varint) this.int64();
    else if (type === wireTypes.fixed64) this.#skipBytes(8);
    else if (type === wireTypes.bytes) this.#skipBytes(this.#varint32());
    else if (type === wireTypes.fixed32) this.#skipBytes(4);
    else if (type === wireTypes.groupStart) this.#skipGroup(tag);
    else throw new Malformed("a value is of no known kind");
  }

  #skipGroup(opened: number): void {
    if (++this.#depth > depthMax) throw new Malformed("messages lie too deep in each other");
    for (let tag = this.tag(); tag !== opened + 1; tag = this.tag()) this.skip(tag);
    this.#depth -= 1;
  }

  #varint32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      if (shift === 28 && byte > 0x0f) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new Malformed("a length or tag is too large");
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new Malformed("it ends too soon");
    return this.#bytes[this.#at++] ?? 0;
  }

  /** Skips this many bytes. @returns the position before */
  #skipBytes(length: number): number {
    const at = this.#at;
    if (length > this.#end - at) throw new Malformed("it ends too soon");
    this.#at = at + length;
    return at;
  }
}
