import { Fields, find, Mp4Malformed, need } from "./box.ts";
import { sampleEntry } from "./codec.ts";

/** The header of an MP4, as far as it is about H.264. */
export interface StatedLevel {
  /** Ten times its number. */
  readonly level: number;
  readonly isHigh: boolean;
  /** Pictures a decoder keeps to predict others. */
  readonly keptPictures: number;
  /** The offsets of the level in the header: one in the container's fields, and one in each sequence parameter set. */
  readonly positions: readonly number[];
}

const highProfiles: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128]);
/** The most pictures of any level and stream (Rec. ITU-T H.264 §A.3.1). */
const keptPicturesMax = 16;
const sampleEntryBytes = 78;

/** Reads the level out of `ftyp` and `moov`; undefined where they are of no H.264. @throws Mp4Malformed */
export function statedLevel(header: Uint8Array): StatedLevel | undefined {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const all = { type: "", start: 0, body: 0, end: header.byteLength };
  const stsd = find(view, all, "moov", "trak", "mdia", "minf", "stbl", "stsd");
  const entry = stsd && sampleEntry(view, stsd);
  if (entry?.type !== "avc1") return undefined;
  const avcC = need(view, { ...entry, body: entry.body + sampleEntryBytes }, "avcC");
  // ISO/IEC 14496-15:2022 §5.3.3.1: version, profile, constraints, level, length size; then the parameter sets.
  const fields = new Fields(view, avcC, 1);
  const profile = fields.u8();
  const level = fields.skip(1).u8();
  const positions = [fields.at - 1];
  let keptPictures = 0;
  const sets = fields.skip(1).u8() & 31;
  if (sets === 0) throw new Mp4Malformed("there is no sequence parameter set");
  for (let n = 0; n < sets; n++) {
    const size = fields.u16();
    const start = fields.at;
    fields.skip(size);
    if (size < 4 || view.getUint8(start + 3) !== level) throw new Mp4Malformed("two levels are stated");
    positions.push(start + 3);
    keptPictures = Math.max(keptPictures, keptPicturesOf(header.subarray(start, start + size)));
  }
  return { level, isHigh: highProfiles.has(profile), keptPictures, positions };
}

/** The same header with another level. */
export function withLevel(header: Uint8Array, { positions }: StatedLevel, level: number): Uint8Array {
  const copy = Uint8Array.from(header);
  for (const position of positions) copy[position] = level;
  return copy;
}

/** Rec. ITU-T H.264 (08/2021) §7.3.2.1.1: `max_num_ref_frames` of a sequence parameter set with its NAL header. */
function keptPicturesOf(unit: Uint8Array): number {
  const bits = new Bits(unit.subarray(1));
  const profile = bits.readBits(8);
  bits.readBits(16);
  bits.golomb();
  if (highProfiles.has(profile)) {
    if (bits.golomb() === 3) bits.readBits(1);
    bits.golomb();
    bits.golomb();
    bits.readBits(1);
    // Matrices of its own are not read here.
    if (bits.readBits(1) === 1) return keptPicturesMax;
  }
  bits.golomb();
  const order = bits.golomb();
  if (order === 0) bits.golomb();
  else if (order === 1) {
    bits.readBits(1);
    bits.golomb();
    bits.golomb();
    for (let remaining = bits.golomb(); remaining > 0; remaining--) bits.golomb();
  }
  return Math.min(keptPicturesMax, bits.golomb());
}

/** Bits of a NAL unit, without the bytes that keep start codes out of it (§7.4.1). Behind its end there are zeros. */
class Bits {
  readonly #bytes: readonly number[];
  #at = 0;

  constructor(unit: Uint8Array) {
    this.#bytes = [...unit].filter((byte, n, all) => !(byte === 3 && n > 1 && all[n - 1] === 0 && all[n - 2] === 0));
  }

  readBits(count: number): number {
    let value = 0;
    for (let n = 0; n < count; n++, this.#at++)
      value = value * 2 + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
    return value;
  }

  /** §9.1. @throws Mp4Malformed where it has more than 32 bits */
  golomb(): number {
    let zeros = 0;
    while (this.readBits(1) === 0) if (++zeros > 31) throw new Mp4Malformed("a number of a parameter set is too large");
    return 2 ** zeros - 1 + this.readBits(zeros);
  }
}
