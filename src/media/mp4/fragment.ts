import { type Box, boxes, Fields, Mp4Malformed, need } from "./box.ts";
import type { Track } from "./track.ts";

/** The samples of one `moof`. */
export interface Fragment {
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly samples: number;
  readonly startsWithKeyframe: boolean;
  /** Bytes from the start of the `moof` to the end of its first sample. */
  readonly firstSampleEnd: number;
}

/** A fragment of 2 s holds a few hundred samples; this many would be minutes. */
const samplesMax = 1_000_000;
/** ISO/IEC 14496-12:2022 §8.8.3.1: sample_is_non_sync_sample. */
const nonSync = 0x10000;

/** Reads a `moof` of one track (ISO/IEC 14496-12:2022 §8.8). Offsets in it must count from itself. */
export function readFragment(view: DataView, moof: Box, track: Track): Fragment {
  const traf = need(view, moof, "traf");
  const head = new Fields(view, need(view, traf, "tfhd"));
  const flags = head.skip(1).u24();
  head.skip(4);
  if (flags & 1) throw new Mp4Malformed("offsets count from the file, not from the fragment");
  if (flags & 2) head.skip(4);
  const duration = flags & 8 ? head.u32() : track.sampleDuration;
  const size = flags & 0x10 ? head.u32() : track.sampleSize;
  const sampleFlags = flags & 0x20 ? head.u32() : track.sampleFlags;
  const decode = new Fields(view, need(view, traf, "tfdt"));
  const startTicks = decode.u8() === 1 ? decode.skip(3).u64() : decode.skip(3).u32();

  let durationTicks = 0;
  let samples = 0;
  let first: { isKey: boolean; end: number } | undefined;
  for (const box of boxes(view, traf.body, traf.end)) {
    if (box.type !== "trun") continue;
    const run = new Fields(view, box);
    const has = run.skip(1).u24();
    const count = run.u32();
    const width = [0x100, 0x200, 0x400, 0x800].filter((flag) => has & flag).length * 4;
    if (count > samplesMax || count * width > run.remainingBytes)
      throw new Mp4Malformed("more samples than the box has room for");
    const dataOffset = has & 1 ? run.i32() : 0;
    const firstFlags = has & 4 ? run.u32() : undefined;
    for (let n = 0; n < count; n++) {
      durationTicks += has & 0x100 ? run.u32() : duration;
      const bytes = has & 0x200 ? run.u32() : size;
      const ownFlags = has & 0x400 ? run.u32() : sampleFlags;
      if (has & 0x800) run.skip(4);
      const says = n === 0 && firstFlags !== undefined ? firstFlags : ownFlags;
      first ??= { isKey: (says & nonSync) === 0, end: dataOffset + bytes };
      // Without fields of their own all further samples are alike.
      if (width === 0) {
        durationTicks += duration * (count - 1);
        break;
      }
    }
    samples += count;
  }
  if (first === undefined) throw new Mp4Malformed("a fragment without samples");
  return { startTicks, durationTicks, samples, startsWithKeyframe: first.isKey, firstSampleEnd: first.end };
}
