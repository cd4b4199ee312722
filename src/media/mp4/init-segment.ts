import type { AudioFormat, Format, VideoFormat } from "../frames/frame.ts";
import { ticksPerSecond } from "../frames/frame.ts";
import { sampleFlags } from "./media-fragment.ts";
import { ascii, box, fullBox, u16, u32, u64, u8 } from "./writer.ts";

/** A track of the header: the number that its fragments carry, and what its samples are. */
export interface TrackHeader {
  readonly id: number;
  readonly format: Format;
}

/** Ticks a second of the track: pictures have those of live frames, sound one tick for a sample. */
export const timescaleOf = (format: Format): number => (format.kind === "video" ? ticksPerSecond : format.sampleRate);

/**
 * `ftyp` and `moov` of a fragmented file: all samples are in fragments that follow. `startTicks`: the decode time that
 * readers show as the beginning, in 90 kHz ticks; the header has the same size whatever it is.
 */
export function initSegment(tracks: readonly TrackHeader[], startTicks?: number): Buffer {
  const nextId = Math.max(...tracks.map(({ id }) => id)) + 1;
  return Buffer.concat([
    box("ftyp", ascii("iso6"), u32(0), ascii("iso6cmfcmp41")),
    box(
      "moov",
      fullBox(
        "mvhd",
        0,
        0,
        u32(0, 0, 1_000, 0, 0x10000),
        u16(0x100, 0),
        u32(0, 0),
        matrix,
        u32(0, 0, 0, 0, 0, 0, nextId),
      ),
      ...tracks.map((track) => trak(track, startTicks)),
      box(
        "mvex",
        ...tracks.map(({ id, format }) =>
          fullBox("trex", 0, 0, u32(id, 1, 0, 0, sampleFlags(format.kind === "audio"))),
        ),
      ),
    ),
  ]);
}

/** The unity transformation (§8.2.2.2). */
const matrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
/** ISO 639-2/T `und`, five bits a letter. */
const undetermined = 0x55c4;

function trak({ id, format }: TrackHeader, startTicks: number | undefined): Buffer {
  const isVideo = format.kind === "video";
  const [width, height] = isVideo ? [format.width, format.height] : [0, 0];
  // Enabled, in the movie; sound is in alternate group 1 and has full volume (§8.3.2).
  const tkhd = fullBox(
    "tkhd",
    0,
    3,
    u32(0, 0, id, 0, 0, 0, 0),
    u16(0, isVideo ? 0 : 1, isVideo ? 0 : 0x100, 0),
    matrix,
    u32(width * 0x10000, height * 0x10000),
  );
  const mdhd = fullBox("mdhd", 0, 0, u32(0, 0, timescaleOf(format), 0), u16(undetermined, 0));
  const hdlr = fullBox("hdlr", 0, 0, u32(0), ascii(isVideo ? "vide" : "soun"), u32(0, 0, 0), u8(0));
  const header = isVideo ? fullBox("vmhd", 0, 1, u16(0, 0, 0, 0)) : fullBox("smhd", 0, 0, u16(0, 0));
  const dinf = box("dinf", fullBox("dref", 0, 0, u32(1), fullBox("url ", 0, 1)));
  const stbl = box(
    "stbl",
    fullBox("stsd", 0, 0, u32(1), isVideo ? videoEntry(format) : audioEntry(format)),
    fullBox("stts", 0, 0, u32(0)),
    fullBox("stsc", 0, 0, u32(0)),
    fullBox("stsz", 0, 0, u32(0, 0)),
    fullBox("stco", 0, 0, u32(0)),
  );
  const edts = startTicks === undefined ? [] : [edits(Math.round((startTicks * timescaleOf(format)) / ticksPerSecond))];
  return box("trak", tkhd, ...edts, box("mdia", mdhd, hdlr, box("minf", header, dinf, stbl)));
}

/** One edit, from a time of the track to the end of all fragments (§8.6.6.1: a duration of 0). */
const edits = (startTicks: number): Buffer => box("edts", fullBox("elst", 1, 0, u32(1), u64(0, startTicks), u16(1, 0)));

const videoEntries = { h264: ["avc1", "avcC"], hevc: ["hvc1", "hvcC"], av1: ["av01", "av1C"] } as const;

/** VisualSampleEntry (§12.1.3). */
function videoEntry({ codec, config, width, height }: VideoFormat): Buffer {
  const [entry, inside] = videoEntries[codec];
  return box(
    entry,
    u32(0),
    u16(0, 1),
    u32(0, 0, 0, 0),
    u16(width, height),
    // 72 dpi, one picture a sample, no compressor name, depth 24, no colour table.
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    box(inside, config),
  );
}

/** AudioSampleEntry (§12.2.3). Its rate has 16 bits; beyond them the decoder's own configuration says it. */
function audioEntry({ codec, config, sampleRate, channels }: AudioFormat): Buffer {
  const rate = sampleRate < 0x10000 ? sampleRate * 0x10000 : 0;
  const fields = [u32(0), u16(0, 1), u32(0, 0), u16(channels, 16, 0, 0), u32(rate)];
  return codec === "aac" ? box("mp4a", ...fields, esds(config)) : box("Opus", ...fields, box("dOps", config));
}

/** ISO/IEC 14496-14 §6.7.2: descriptors of ISO/IEC 14496-1 §7.2.6, object type 0x40, an audio stream. */
function esds(config: Buffer): Buffer {
  const decoder = descriptor(4, u8(0x40, 0x15, 0, 0, 0), u32(0, 0), descriptor(5, config));
  return fullBox("esds", 0, 0, descriptor(3, u16(0), u8(0), decoder, descriptor(6, u8(2))));
}

/** The size is in groups of seven bits; four of them, as most writers have it. */
function descriptor(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const size = contents.reduce((sum, { length }) => sum + length, 0);
  const groups = [21, 14, 7, 0].map((shift) => ((size >> shift) & 0x7f) | (shift > 0 ? 0x80 : 0));
  return Buffer.concat([u8(tag, ...groups), ...contents]);
}
