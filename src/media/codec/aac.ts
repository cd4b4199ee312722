import { malformedRefusal, unsupportedRefusal } from "../frames/ingest-refusal.ts";
import { Bits } from "./bits.ts";

export interface AacConfig {
  /**
   * Hertz of the core's access units. Spectral band replication doubles the rate of what is played, but each access
   * unit lasts `samplesPerFrame / sampleRate` seconds on the core's clock.
   */
  readonly sampleRate: number;
  /** As played: parametric stereo makes two of the core's one. */
  readonly channels: number;
  readonly samplesPerFrame: number;
}

/** ISO/IEC 14496-3 Table 1.18. */
const sampleRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
];
/** ISO/IEC 14496-3 Table 1.19 by channel configuration; 0 has a list of its own. */
const channelCounts = [0, 1, 2, 3, 4, 5, 6, 8, undefined, undefined, undefined, 7, 8, undefined, 8];
const bandReplication = 5;
const parametricStereo = 29;
/** AAC Main, LC and LTP: object types with the GASpecificConfig and frames of 1024 or 960 samples. */
const objectTypes: ReadonlySet<number> = new Set([1, 2, 4]);

/** Reads an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1). @throws IngestRefusal */
export function aacConfig(config: Uint8Array): AacConfig {
  const bits = new Bits(config, "the configuration of AAC");
  const outer = objectType(bits);
  const sampleRate = rateOf(bits);
  const configuration = bits.readBits(4);
  let inner = outer;
  if (outer === bandReplication || outer === parametricStereo) {
    rateOf(bits);
    inner = objectType(bits);
  }
  if (!objectTypes.has(inner))
    throw unsupportedRefusal(`sound of MPEG-4 object type ${inner} is not taken, send AAC-LC or HE-AAC`);
  // §4.4.1, GASpecificConfig.
  const samplesPerFrame = bits.flag() ? 960 : 1024;
  if (bits.flag()) bits.skip(14);
  bits.skip(1);
  const listed = configuration === 0 ? listedChannels(bits) : channelCounts[configuration];
  if (listed === undefined || listed === 0) throw malformedRefusal("the configuration of AAC has no known channels");
  return { sampleRate, samplesPerFrame, channels: outer === parametricStereo ? Math.max(2, listed) : listed };
}

function objectType(bits: Bits): number {
  const type = bits.readBits(5);
  return type === 31 ? 32 + bits.readBits(6) : type;
}

function rateOf(bits: Bits): number {
  const index = bits.readBits(4);
  const rate = index === 15 ? bits.readBits(24) : sampleRates[index];
  if (rate === undefined || rate < 7350 || rate > 96_000)
    throw malformedRefusal("the configuration of AAC has an unknown sampling rate");
  return rate;
}

/** Channels of a program_config_element (§4.4.1.1). */
function listedChannels(bits: Bits): number {
  bits.skip(4 + 2 + 4);
  const [front, side, back, lowFrequency] = [bits.readBits(4), bits.readBits(4), bits.readBits(4), bits.readBits(2)];
  bits.skip(3 + 4);
  if (bits.flag()) bits.skip(4);
  if (bits.flag()) bits.skip(4);
  if (bits.flag()) bits.skip(3);
  let channels = lowFrequency;
  for (let n = 0; n < front + side + back; n++) {
    channels += bits.flag() ? 2 : 1;
    bits.skip(4);
  }
  return channels;
}
