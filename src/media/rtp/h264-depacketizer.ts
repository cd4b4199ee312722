import type { RtpPayload } from "./packet.ts";

/** NAL unit types of payloads (RFC 6184 §5.2). */
const stapA = 24;
const fuA = 28;
const unitBytesMax = 4 * 2 ** 20;
const unitsMax = 1_024;

/** The NAL units of one picture, in their order. */
export interface AccessUnit {
  /** 32 bits, 90 kHz. */
  readonly timestamp: number;
  readonly units: readonly Buffer[];
}

/**
 * Puts access units of H.264 together from packets in order (RFC 6184, packetization modes 0 and 1). A unit that lacks a
 * packet, exceeds a bound or breaks the format is dropped whole. Payloads are viewed, not copied, until a unit is whole.
 */
export class H264Depacketizer {
  readonly #lost: () => void;
  #timestamp: number | undefined;
  #units: Buffer[] = [];
  #fragments: Buffer[] | undefined;
  #bytes = 0;
  #isDamaged = false;

  /** `lost`: called once for each access unit that is dropped. */
  constructor(lost: () => void) {
    this.#lost = lost;
  }

  /** The access units that a packet completes. */
  push({ timestamp, isLast, payload }: RtpPayload, isAfterGap: boolean): AccessUnit[] {
    const completed: AccessUnit[] = [];
    // The missing packets may be the end of the unit before, and the beginning of this one.
    if (isAfterGap && this.#timestamp !== undefined) this.#isDamaged = true;
    if (this.#timestamp !== undefined && this.#timestamp !== timestamp) completed.push(...this.#complete());
    this.#timestamp = timestamp;
    if (isAfterGap) this.#isDamaged = true;
    this.#bytes += payload.length;
    if (this.#bytes > unitBytesMax || this.#units.length > unitsMax) this.#isDamaged = true;
    if (!this.#isDamaged && !this.#take(payload)) this.#isDamaged = true;
    // Nothing of a damaged unit is held.
    if (this.#isDamaged) this.#discard();
    if (isLast) completed.push(...this.#complete());
    return completed;
  }

  #complete(): AccessUnit[] {
    const { timestamp = 0, units } = { timestamp: this.#timestamp, units: this.#units };
    const isWhole = !this.#isDamaged && this.#fragments === undefined;
    this.#discard();
    this.#timestamp = undefined;
    this.#bytes = 0;
    this.#isDamaged = false;
    if (!isWhole) this.#lost();
    return isWhole && units.length > 0 ? [{ timestamp, units }] : [];
  }

  #discard(): void {
    this.#units = [];
    this.#fragments = undefined;
  }

  /** Returns false for a malformed payload. */
  #take(payload: Buffer): boolean {
    const type = (payload[0] ?? 0) & 31;
    if (type === fuA) return this.#fragment(payload);
    if (this.#fragments !== undefined) return false;
    if (type >= 1 && type <= 23) {
      this.#units.push(payload);
      return true;
    }
    return type === stapA && this.#aggregate(payload);
  }

  /** RFC 6184 §5.7.1. */
  #aggregate(payload: Buffer): boolean {
    for (let at = 1; at < payload.length; ) {
      if (at + 2 > payload.length) return false;
      const end = at + 2 + payload.readUInt16BE(at);
      if (end > payload.length || end === at + 2) return false;
      this.#units.push(payload.subarray(at + 2, end));
      at = end;
    }
    return true;
  }

  /** RFC 6184 §5.8. */
  #fragment(payload: Buffer): boolean {
    const [indicator = 0, header = 0] = payload;
    const isStart = (header & 0x80) !== 0;
    const isEnd = (header & 0x40) !== 0;
    if (payload.length < 3 || isStart !== (this.#fragments === undefined) || (isStart && isEnd)) return false;
    const fragments = this.#fragments ?? [Buffer.from([(indicator & 0xe0) | (header & 31)])];
    fragments.push(payload.subarray(2));
    this.#fragments = isEnd ? undefined : fragments;
    if (isEnd) this.#units.push(Buffer.concat(fragments));
    return true;
  }
}
