import { malformedRefusal } from "../frames/ingest-refusal.ts";
import { Bits, withoutEmulationPrevention } from "./bits.ts";
import {
  configCopy,
  lengthBytesOf,
  type PictureConfig,
  type PictureSize,
  pictureSize,
  unitAt,
} from "./picture-config.ts";

const sequenceParameterSet = 7;

/** Reads what the box `avcC` contains (ISO/IEC 14496-15 §5.3.3.1). @throws IngestRefusal */
export function h264Config(record: Uint8Array): PictureConfig {
  const config = configCopy(record, 7);
  if (config[0] !== 1) throw malformedRefusal("the decoder configuration of H.264 has an unknown version");
  const lengthBytes = lengthBytesOf((config[4] ?? 0) & 3);
  let at = 5;
  const unitsOf = (count: number): Buffer[] =>
    Array.from({ length: count }, () => {
      const unit = unitAt(config, at);
      at += 2 + unit.length;
      return unit;
    });
  const sequenceSets = unitsOf((config[at++] ?? 0) & 31);
  if (at >= config.length) throw malformedRefusal("the decoder configuration is cut off");
  const pictureSets = unitsOf(config[at++] ?? 0);
  const [first] = sequenceSets;
  if (first === undefined || pictureSets.length === 0)
    throw malformedRefusal("the decoder configuration of H.264 has no parameter sets");
  config[4] = 0xff;
  return { config, lengthBytes, size: h264Size(first) };
}

/** Profiles whose parameter sets say how colour is sampled (Rec. ITU-T H.264 §7.3.2.1.1). */
const chromaProfiles: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** The cropped size of a sequence parameter set with its NAL header (Rec. ITU-T H.264 §7.3.2.1.1). @throws IngestRefusal */
export function h264Size(unit: Uint8Array): PictureSize {
  if (((unit[0] ?? 0) & 31) !== sequenceParameterSet)
    throw malformedRefusal("there is no sequence parameter set where one is due");
  const bits = new Bits(withoutEmulationPrevention(unit.subarray(1)), "the sequence parameter set");
  const profile = bits.readBits(8);
  bits.skip(16);
  bits.golomb();
  const chroma = chromaProfiles.has(profile) ? chromaOf(bits) : { format: 1, isSeparate: false };
  bits.golomb();
  skipOrderCount(bits);
  bits.golomb();
  bits.skip(1);
  const columns = bits.golomb() + 1;
  const rows = bits.golomb() + 1;
  const isFramesOnly = bits.flag();
  if (!isFramesOnly) bits.skip(1);
  bits.skip(1);
  const [cropLeft, cropRight, cropTop, cropBottom] = bits.flag()
    ? [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()]
    : [0, 0, 0, 0];
  // §7.4.2.1.1, CropUnitX and CropUnitY.
  const isSampled = chroma.format !== 0 && !chroma.isSeparate;
  const unitX = isSampled && chroma.format < 3 ? 2 : 1;
  const fields = isFramesOnly ? 1 : 2;
  const unitY = (isSampled && chroma.format === 1 ? 2 : 1) * fields;
  return pictureSize(
    columns * 16 - unitX * (cropLeft + cropRight),
    rows * 16 * fields - unitY * (cropTop + cropBottom),
  );
}

function chromaOf(bits: Bits): { format: number; isSeparate: boolean } {
  const format = bits.golomb();
  if (format > 3) throw malformedRefusal("the sequence parameter set samples colour in an unknown way");
  const isSeparate = format === 3 && bits.flag();
  bits.golomb();
  bits.golomb();
  bits.skip(1);
  if (bits.flag())
    for (let list = 0; list < (format === 3 ? 12 : 8); list++)
      if (bits.flag()) skipScalingList(bits, list < 6 ? 16 : 64);
  return { format, isSeparate };
}

/** §7.3.2.1.1.1. */
function skipScalingList(bits: Bits, size: number): void {
  let next = 8;
  for (let n = 0, last = 8; n < size && next !== 0; n++) {
    next = (((last + bits.signedGolomb()) % 256) + 256) % 256;
    last = next === 0 ? last : next;
  }
}

function skipOrderCount(bits: Bits): void {
  const type = bits.golomb();
  if (type === 0) bits.golomb();
  if (type !== 1) return;
  bits.skip(1);
  bits.golomb();
  bits.golomb();
  const count = bits.golomb();
  if (count > 255) throw malformedRefusal("the sequence parameter set has too many reference frames in a cycle");
  for (let n = 0; n < count; n++) bits.golomb();
}
