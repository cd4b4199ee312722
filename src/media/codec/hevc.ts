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

const sequenceParameterSet = 33;
const fixedBytes = 23;

/** Reads what the box `hvcC` contains (ISO/IEC 14496-15 §8.3.3.1). @throws IngestRefusal */
export function hevcConfig(record: Uint8Array): PictureConfig {
  const config = configCopy(record, fixedBytes);
  if (config[0] !== 1) throw malformedRefusal("the decoder configuration of HEVC has an unknown version");
  const flags = config[21] ?? 0;
  const lengthBytes = lengthBytesOf(flags & 3);
  let at = fixedBytes;
  let size: PictureSize | undefined;
  for (let arrays = config[22] ?? 0; arrays > 0; arrays--) {
    if (at + 3 > config.length) throw malformedRefusal("the decoder configuration is cut off");
    const type = (config[at] ?? 0) & 63;
    const count = config.readUInt16BE(at + 1);
    at += 3;
    for (let n = 0; n < count; n++) {
      const unit = unitAt(config, at);
      if (type === sequenceParameterSet) size ??= hevcSize(unit);
      at += 2 + unit.length;
    }
  }
  if (size === undefined) throw malformedRefusal("the decoder configuration of HEVC has no sequence parameter set");
  config[21] = flags | 3;
  return { config, lengthBytes, size };
}

/** The cropped size of a sequence parameter set with its NAL header (Rec. ITU-T H.265 §7.3.2.2.1). @throws IngestRefusal */
export function hevcSize(unit: Uint8Array): PictureSize {
  if ((((unit[0] ?? 0) >> 1) & 63) !== sequenceParameterSet)
    throw malformedRefusal("there is no sequence parameter set where one is due");
  const bits = new Bits(withoutEmulationPrevention(unit.subarray(2)), "the sequence parameter set");
  bits.skip(4);
  const subLayers = bits.readBits(3);
  bits.skip(1);
  skipProfile(bits, subLayers);
  bits.golomb();
  const format = bits.golomb();
  if (format > 3) throw malformedRefusal("the sequence parameter set samples colour in an unknown way");
  const isSeparate = format === 3 && bits.flag();
  const width = bits.golomb();
  const height = bits.golomb();
  const [cropLeft, cropRight, cropTop, cropBottom] = bits.flag()
    ? [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()]
    : [0, 0, 0, 0];
  // Table 6-1: SubWidthC and SubHeightC.
  const unitX = !isSeparate && (format === 1 || format === 2) ? 2 : 1;
  const unitY = !isSeparate && format === 1 ? 2 : 1;
  return pictureSize(width - unitX * (cropLeft + cropRight), height - unitY * (cropTop + cropBottom));
}

/** §7.3.3, `profile_tier_level( 1, subLayers )`. */
function skipProfile(bits: Bits, subLayers: number): void {
  bits.skip(96);
  const present = Array.from({ length: subLayers }, () => ({ profile: bits.flag(), level: bits.flag() }));
  if (subLayers > 0) bits.skip(2 * (8 - subLayers));
  for (const { profile, level } of present) bits.skip((profile ? 88 : 0) + (level ? 8 : 0));
}
