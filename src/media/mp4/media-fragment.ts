/** A sample of a fragment, with durations in the ticks of its track. */
export interface Sample {
  readonly durationTicks: number;
  /** From decoding to showing; not negative. */
  readonly compositionTicks: number;
  readonly isKey: boolean;
  readonly bytes: Buffer;
}

export interface FragmentHeader {
  readonly trackId: number;
  /** Grows within a file. */
  readonly sequence: number;
  /** Decode time of the first sample. */
  readonly startTicks: number;
}

/** ISO/IEC 14496-12:2022 §8.8.3.1: whether a decoder may begin with the sample, and whether it depends on others. */
export const sampleFlags = (isKey: boolean): number => (isKey ? 0x02000000 : 0x01010000);

/** Offsets in the fragment count from its `moof`, so that its bytes mean the same wherever they lie. */
const defaultBaseIsMoof = 0x020000;

/**
 * One `moof` and its `mdat`, of one track (§8.8). Samples that are all key frames and shown as they are decoded, such as
 * sound, leave out those fields; the header of the file has their flags.
 */
export function mediaFragment({ trackId, sequence, startTicks }: FragmentHeader, samples: readonly Sample[]): Buffer {
  const isPlain = samples.every(({ isKey, compositionTicks }) => isKey && compositionTicks === 0);
  const sampleBytes = isPlain ? 8 : 16;
  const trunBytes = 20 + samples.length * sampleBytes;
  const trafBytes = 8 + 20 + 20 + trunBytes;
  const moofBytes = 8 + 16 + trafBytes;
  const mdatBytes = samples.reduce((sum, { bytes }) => sum + bytes.length, 8);
  const all = Buffer.allocUnsafe(moofBytes + mdatBytes);
  let at = 0;
  const u32 = (value: number): void => void (at = all.writeUInt32BE(value, at));
  const head = (size: number, type: string): void => {
    u32(size);
    at += all.write(type, at, "latin1");
  };
  head(moofBytes, "moof");
  head(16, "mfhd");
  u32(0);
  u32(sequence);
  head(trafBytes, "traf");
  // Default flags are stated here, so that a plain run needs none and a header without them is no trap.
  head(20, "tfhd");
  u32(defaultBaseIsMoof | 0x20);
  u32(trackId);
  u32(sampleFlags(isPlain));
  head(20, "tfdt");
  u32(1 << 24);
  at = all.writeBigUInt64BE(BigInt(startTicks), at);
  head(trunBytes, "trun");
  u32(isPlain ? 0x01000301 : 0x01000f01);
  u32(samples.length);
  u32(moofBytes + 8);
  for (const { durationTicks, compositionTicks, isKey, bytes } of samples) {
    u32(durationTicks);
    u32(bytes.length);
    if (isPlain) continue;
    u32(sampleFlags(isKey));
    u32(compositionTicks);
  }
  head(mdatBytes, "mdat");
  for (const { bytes } of samples) at += bytes.copy(all, at);
  return all;
}
