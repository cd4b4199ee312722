import { type Box, Fields, find, Mp4Malformed, need } from "./box.ts";
import { channelsOf, codecOf, sampleEntry } from "./codec.ts";

/** The header of a file with a single track. */
export interface Track {
  readonly kind: "video" | "audio";
  readonly codec: string;
  /** Ticks a second of all its times. */
  readonly timescale: number;
  /** Pixels as coded, 0 for sound. */
  readonly width: number;
  readonly height: number;
  /** The channels of a sound, where its header says so. */
  readonly channels: number | undefined;
  /** Defaults for fragments that leave them out (§8.8.3). */
  readonly sampleDuration: number;
  readonly sampleSize: number;
  readonly sampleFlags: number;
}

/** Reads `moov` (ISO/IEC 14496-12:2022 §8.2.1). Throws `Mp4Malformed`, also when there is more than one track. */
export function readTrack(view: DataView, moov: Box): Track {
  const trak = need(view, moov, "trak");
  if (find(view, { ...moov, body: trak.end }, "trak") !== undefined) throw new Mp4Malformed("more than one track");
  const mdia = need(view, trak, "mdia");
  const mdhd = new Fields(view, need(view, mdia, "mdhd"));
  const timescale = mdhd.u8() === 1 ? mdhd.skip(3 + 16).u32() : mdhd.skip(3 + 8).u32();
  if (timescale === 0) throw new Mp4Malformed("the timescale is zero");
  const handler = new Fields(view, need(view, mdia, "hdlr"), 8).u32();
  const kind = handler === 0x76696465 ? "video" : handler === 0x736f756e ? "audio" : undefined;
  if (kind === undefined) throw new Mp4Malformed("the track is neither picture nor sound");
  const entry = sampleEntry(view, need(view, mdia, "minf", "stbl", "stsd"));
  const size = kind === "video" ? new Fields(view, entry, 24) : undefined;
  const trex = find(view, moov, "mvex", "trex");
  const defaults = trex === undefined ? undefined : new Fields(view, trex, 12);
  return {
    kind,
    codec: codecOf(view, entry, kind),
    timescale,
    width: size?.u16() ?? 0,
    height: size?.u16() ?? 0,
    channels: kind === "audio" ? channelsOf(view, entry) : undefined,
    sampleDuration: defaults?.u32() ?? 0,
    sampleSize: defaults?.u32() ?? 0,
    sampleFlags: defaults?.u32() ?? 0,
  };
}
