import { malformedRefusal } from "../frames/ingest-refusal.ts";
import { Bits } from "./bits.ts";
import { configCopy, type PictureConfig, type PictureSize, pictureSize } from "./picture-config.ts";

const sequenceHeader = 1;

/**
 * Reads what the box `av1C` contains (AV1 Codec ISO Media File Format Binding §2.3.3). The binding allows a record
 * without sequence header, but Enhanced RTMP has no other place for the size. @throws IngestRefusal
 */
export function av1Config(record: Uint8Array): PictureConfig {
  const config = configCopy(record, 4);
  if (config[0] !== 0x81) throw malformedRefusal("the decoder configuration of AV1 has an unknown version");
  const size = sizeIn(config.subarray(4));
  if (size === undefined) throw malformedRefusal("the decoder configuration of AV1 has no sequence header");
  return { config, lengthBytes: 0, size };
}

/** A temporal unit without the delimiter before it, as containers hold it (§2.4 of the binding). A view. */
export function withoutTemporalDelimiter(unit: Buffer): Buffer {
  return unit[0] === 0x12 && unit[1] === 0 ? unit.subarray(2) : unit;
}

/** The size of the first sequence header among open bitstream units (AV1 specification §5.3). */
function sizeIn(units: Buffer): PictureSize | undefined {
  for (let at = 0; at < units.length; ) {
    const first = units[at++] ?? 0;
    if (first & 0x04) at++;
    let size = units.length - at;
    if (first & 0x02) {
      size = 0;
      // §4.10.5, leb128(): at most eight bytes; four are more than a record has.
      for (let n = 0; ; n++) {
        const byte = units[at++];
        if (byte === undefined || n > 3) throw malformedRefusal("a unit of AV1 has no length");
        size += (byte & 127) * 128 ** n;
        if ((byte & 128) === 0) break;
      }
    }
    if (size < 0 || at + size > units.length) throw malformedRefusal("a unit of AV1 is cut off");
    if (((first >> 3) & 15) === sequenceHeader) return av1Size(units.subarray(at, at + size));
    at += size;
  }
  return undefined;
}

/** The largest size of a sequence header (AV1 specification §5.5.1). */
function av1Size(header: Buffer): PictureSize {
  const bits = new Bits(header, "the sequence header");
  bits.skip(4);
  const isReduced = bits.flag();
  if (isReduced) bits.skip(5);
  else skipOperatingPoints(bits);
  const widthBits = bits.readBits(4) + 1;
  const heightBits = bits.readBits(4) + 1;
  return pictureSize(bits.readBits(widthBits) + 1, bits.readBits(heightBits) + 1);
}

function skipOperatingPoints(bits: Bits): void {
  let delayBits = 0;
  if (bits.flag()) {
    // §5.5.3, timing_info().
    bits.skip(64);
    if (bits.flag()) bits.golomb();
    if (bits.flag()) {
      // §5.5.4, decoder_model_info().
      delayBits = bits.readBits(5) + 1;
      bits.skip(42);
    }
  }
  const hasDisplayDelay = bits.flag();
  const points = bits.readBits(5) + 1;
  for (let n = 0; n < points; n++) {
    bits.skip(12);
    if (bits.readBits(5) > 7) bits.skip(1);
    // §5.5.5, operating_parameters_info().
    if (delayBits > 0 && bits.flag()) bits.skip(2 * delayBits + 1);
    if (hasDisplayDelay && bits.flag()) bits.skip(4);
  }
}
