import type { Container } from "../container.ts";
import { ascii, uint32 } from "./bytes.ts";

const mp3: Container = { kind: "audio", mime: "audio/mpeg", extension: "mp3", demuxer: "mp3" };
const aac: Container = { kind: "audio", mime: "audio/aac", extension: "aac", demuxer: "aac" };
const flac: Container = { kind: "audio", mime: "audio/flac", extension: "flac", demuxer: "flac" };

/** RIFF and its kinds: WAVE, AVI, WebP. The first chunk's name is checked too, for text can spell `RIFF`. */
export function riff(view: DataView): Container | undefined {
  const outer = ascii(view, 0, 4);
  if ((outer !== "RIFF" && outer !== "RF64") || view.byteLength < 24) return undefined;
  const form = ascii(view, 8, 4);
  const first = ascii(view, 12, 4);
  // Four printable characters spell a size of 512 MiB and more, which no first chunk has.
  if (view.getUint32(16, true) >= 0x20000000) return undefined;
  if (form === "WAVE" && ["fmt ", "JUNK", "ds64", "bext", "LIST"].includes(first))
    return { kind: "audio", mime: "audio/wav", extension: "wav", demuxer: "wav" };
  if (form === "AVI " && first === "LIST" && ascii(view, 20, 4) === "hdrl")
    return { kind: "video", mime: "video/x-msvideo", extension: "avi", demuxer: "avi" };
  if (form === "WEBP" && ["VP8 ", "VP8L", "VP8X"].includes(first))
    return { kind: "image", mime: "image/webp", extension: "webp" };
  return undefined;
}

/** RFC 3533 §6: the first page carries one packet, whose first bytes name the codec. */
export function ogg(view: DataView): Container | undefined {
  if (ascii(view, 0, 4) !== "OggS" || view.getUint8(4) !== 0 || view.byteLength < 40) return undefined;
  const packet = ascii(view, 27 + view.getUint8(26), 8);
  if (packet.startsWith("\x80theora") || packet.startsWith("fishead"))
    return { kind: "video", mime: "video/ogg", extension: "ogv", demuxer: "ogg" };
  const isAudio =
    packet === "OpusHead" || packet === "Speex   " || packet.startsWith("\x01vorbis") || packet.startsWith("\x7fFLAC");
  return isAudio ? { kind: "audio", mime: "audio/ogg", extension: "ogg", demuxer: "ogg" } : undefined;
}

/** MP3, ADTS AAC and FLAC, behind an ID3v2 tag or bare; bare frames must be followed by another of their kind. */
export function audioFrames(view: DataView): Container | undefined {
  const start = afterTag(view);
  if (start === undefined) return undefined;
  // A tag with a big cover reaches past what we see; only MP3 is commonly tagged so.
  if (start + 4 > view.byteLength) return start > 0 ? mp3 : undefined;
  if (uint32(view, start) === 0x664c6143) return (uint32(view, start + 4) & 0x7fffffff) === 34 ? flac : undefined;
  if (repeats(view, start, adtsBytes)) return aac;
  return repeats(view, start, mpegBytes) ? mp3 : undefined;
}

/** ID3v2.4 §3.1: where the audio begins, 0 without a tag, `undefined` when the tag is none. */
function afterTag(view: DataView): number | undefined {
  if (ascii(view, 0, 3) !== "ID3") return 0;
  const version = view.getUint8(3);
  const size = uint32(view, 6);
  if (version < 2 || version > 4 || view.getUint8(4) === 0xff || (size & 0x80808080) !== 0) return undefined;
  const bytes = ((size >>> 24) << 21) | (((size >>> 16) & 0x7f) << 14) | (((size >>> 8) & 0x7f) << 7) | (size & 0x7f);
  return 10 + bytes + (view.getUint8(5) & 0x10 ? 10 : 0);
}

/** Two frames in a row, or one that ends exactly where the file does. */
function repeats(view: DataView, start: number, bytesOf: (view: DataView, at: number) => number): boolean {
  const first = bytesOf(view, start);
  if (first === 0) return false;
  const next = start + first;
  return next === view.byteLength || bytesOf(view, next) > 0;
}

/** ISO/IEC 13818-7 §6.2: the length of the ADTS frame here, 0 when there is none. */
function adtsBytes(view: DataView, at: number): number {
  if (at + 7 > view.byteLength || (view.getUint16(at) & 0xfff6) !== 0xfff0) return 0;
  const rate = (view.getUint8(at + 2) >> 2) & 15;
  const length = ((view.getUint8(at + 3) & 3) << 11) | (view.getUint8(at + 4) << 3) | (view.getUint8(at + 5) >> 5);
  return rate < 13 && length > 7 ? length : 0;
}

const layer3Kbps = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const sampleRates = [44_100, 48_000, 32_000] as const;

/** ISO/IEC 11172-3 §2.4.2.3: the length of the Layer III frame here, 0 when there is none. */
function mpegBytes(view: DataView, at: number): number {
  const header = uint32(view, at);
  if (header === -1 || header >>> 21 !== 0x7ff || ((header >>> 17) & 3) !== 1) return 0;
  const version = (header >>> 19) & 3;
  const kbps = layer3Kbps[version === 3 ? 0 : 1][(header >>> 12) & 15];
  const rate = sampleRates[(header >>> 10) & 3];
  if (version === 1 || kbps === undefined || kbps === 0 || rate === undefined) return 0;
  const divided = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4;
  return Math.floor(((version === 3 ? 144_000 : 72_000) * kbps) / divided) + ((header >>> 9) & 1);
}
