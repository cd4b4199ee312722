import { malformedRefusal } from "../frames/ingest-refusal.ts";

/** Bits, most significant first. @throws IngestRefusal past the end */
export class Bits {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;

  /** `what` names the bytes in the sentence of a refusal. */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  /** At most 32 bits, as an unsigned number. */
  readBits(count: number): number {
    if (this.#at + count > this.#bytes.length * 8) throw malformedRefusal(`${this.#what} ends within a field`);
    let value = 0;
    for (let n = 0; n < count; n++, this.#at++)
      value = value * 2 + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
    return value;
  }

  flag(): boolean {
    return this.readBits(1) === 1;
  }

  skip(count: number): void {
    for (let remaining = count; remaining > 0; remaining -= 32) this.readBits(Math.min(32, remaining));
  }

  skipToByte(): void {
    this.#at = (this.#at + 7) & ~7;
  }

  /** Rec. ITU-T H.264 §9.1, `ue(v)`; AV1 specification §4.10.3, `uvlc()`. */
  golomb(): number {
    let zeros = 0;
    while (!this.flag()) if (++zeros > 31) throw malformedRefusal(`${this.#what} holds a number that is too large`);
    return 2 ** zeros - 1 + this.readBits(zeros);
  }

  /** Rec. ITU-T H.264 §9.1.1, `se(v)`. */
  signedGolomb(): number {
    const code = this.golomb();
    return code % 2 === 1 ? (code + 1) / 2 : 0 - code / 2;
  }
}

/** A NAL unit without the bytes that keep start codes out of it (Rec. ITU-T H.264 §7.4.1). */
export function withoutEmulationPrevention(unit: Uint8Array): Uint8Array {
  const plain = new Uint8Array(unit.length);
  let size = 0;
  let zeros = 0;
  for (const byte of unit) {
    const isPrevention = byte === 3 && zeros >= 2;
    zeros = byte === 0 ? zeros + 1 : 0;
    if (!isPrevention) plain[size++] = byte;
  }
  return plain.subarray(0, size);
}
