import type { Container, Demuxer, MediaContainer } from "./container.ts";
import { MediaRejected } from "./rejection.ts";
import { isGif, isPng } from "./sniff/picture.ts";
import { audioFrames, ogg, riff } from "./sniff/audio.ts";
import { ascii, uint32 } from "./sniff/bytes.ts";

/** As many first bytes as `sniff` ever looks at. */
export const sniffBytesMax = 65_536;

/**
 * Decides the container from the first bytes (up to `sniffBytesMax`; fewer only when the file is shorter), never from a
 * name. `undefined` when it is nothing we read: text of any kind (playlists, scripts, SVG, HTML) never has a signature.
 * An audio-only file in a video container is called video here; the probe knows better.
 */
export function sniff(head: Uint8Array): Container | undefined {
  const view = new DataView(head.buffer, head.byteOffset, Math.min(head.byteLength, sniffBytesMax));
  if (view.byteLength < 12) return undefined;
  return isoBase(view) ?? ebml(view) ?? riff(view) ?? ogg(view) ?? picture(view) ?? packets(view) ?? audioFrames(view);
}

/** The demuxer for a type that {@link sniff} named; `undefined` for still pictures and files that are no media. */
export const demuxerOf = (mime: string): Demuxer | undefined => demuxerOfMime.get(mime);

/** Like `sniff`, for an upload that must become playable media: throws `MediaRejected` when it cannot. */
export function mediaContainer(head: Uint8Array): MediaContainer {
  if (head.byteLength === 0) throw new MediaRejected("media.empty");
  const container = sniff(head);
  if (container === undefined || !("demuxer" in container)) throw new MediaRejected("media.unsupported");
  return container;
}

const demuxerOfMime: ReadonlyMap<string, Demuxer> = new Map([
  ...["video/mp4", "video/quicktime", "audio/mp4", "video/3gpp"].map((mime): [string, Demuxer] => [mime, "mov"]),
  ["video/webm", "matroska"],
  ["video/x-matroska", "matroska"],
  ["image/gif", "gif"],
  ["video/mp2t", "mpegts"],
  ["video/mpeg", "mpeg"],
  ["video/x-flv", "flv"],
  ["video/x-ms-asf", "asf"],
  ["audio/mpeg", "mp3"],
  ["audio/aac", "aac"],
  ["audio/flac", "flac"],
  ["audio/wav", "wav"],
  ["video/x-msvideo", "avi"],
  ["video/ogg", "ogg"],
  ["audio/ogg", "ogg"],
]);

const mp4: Container = { kind: "video", mime: "video/mp4", extension: "mp4", demuxer: "mov" };
const quickTime: Container = { kind: "video", mime: "video/quicktime", extension: "mov", demuxer: "mov" };

const oldBoxes = ["moov", "mdat", "wide", "free", "skip"];

/** ISO/IEC 14496-12 §4.3: a file type box first. QuickTime files older than it begin with one of a few boxes. */
function isoBase(view: DataView): Container | undefined {
  const size = uint32(view, 0);
  const type = ascii(view, 4, 4);
  if (type === "ftyp") {
    if (size < 16 || size > 4096 || size % 4 !== 0) return undefined;
    const brand = ascii(view, 8, 4);
    if (brand === "avif" || brand === "avis") return { kind: "image", mime: "image/avif", extension: "avif" };
    if (["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"].includes(brand)) return undefined;
    if (brand === "M4A " || brand === "M4B ")
      return { kind: "audio", mime: "audio/mp4", extension: "m4a", demuxer: "mov" };
    if (brand === "qt  ") return quickTime;
    if (brand.startsWith("3g")) return { kind: "video", mime: "video/3gpp", extension: "3gp", demuxer: "mov" };
    return /^[\w .-]{4}$/.test(brand) ? mp4 : undefined;
  }
  // A size that spells four printable characters is text; boxes that large say 1 and give eight bytes instead.
  const isPlausible = size === 1 || (size >= 8 && size < 0x20000000);
  if (!oldBoxes.includes(type) || !isPlausible) return undefined;
  if (size === 1 || size + 8 > view.byteLength) return type === "moov" || type === "mdat" ? quickTime : undefined;
  return oldBoxes.includes(ascii(view, size + 4, 4)) ? quickTime : undefined;
}

/** RFC 8794 §11: the EBML header, whose DocType distinguishes WebM from Matroska. */
function ebml(view: DataView): Container | undefined {
  if (uint32(view, 0) !== 0x1a45dfa3) return undefined;
  const length = vint(view, 4);
  if (length === undefined || length.value > 1024) return undefined;
  const end = Math.min(length.end + length.value, view.byteLength);
  for (let at = length.end; at + 3 < end; ) {
    const id = view.getUint16(at);
    // One-byte identifiers (Void 0xEC, CRC-32 0xBF) may stand between the two-byte ones.
    const idBytes = id >> 8 >= 0x80 ? 1 : 2;
    const size = vint(view, at + idBytes);
    if (size === undefined) return undefined;
    if (id === 0x4282) {
      const name = ascii(view, size.end, Math.min(size.value, 16)).replace(/\0+$/, "");
      if (name === "webm") return { kind: "video", mime: "video/webm", extension: "webm", demuxer: "matroska" };
      if (name === "matroska")
        return { kind: "video", mime: "video/x-matroska", extension: "mkv", demuxer: "matroska" };
      return undefined;
    }
    at = size.end + size.value;
  }
  return undefined;
}

/** A size of one to four bytes, which is all a header needs. */
function vint(view: DataView, at: number): { value: number; end: number } | undefined {
  if (at >= view.byteLength) return undefined;
  const first = view.getUint8(at);
  const bytes = Math.clz32(first) - 23;
  if (bytes > 8 || at + bytes > view.byteLength) return undefined;
  let value = first & (0xff >> bytes);
  for (let i = 1; i < bytes; i++) value = value * 256 + view.getUint8(at + i);
  return { value, end: at + bytes };
}

function picture(view: DataView): Container | undefined {
  if (isPng(view)) return { kind: "image", mime: "image/png", extension: "png" };
  // A GIF may be an animation: it takes the video path there and stays a picture elsewhere, by its mime type.
  if (isGif(view)) return { kind: "video", mime: "image/gif", extension: "gif", demuxer: "gif" };
  const marker = uint32(view, 0);
  const isJpeg = marker >>> 8 === 0xffd8ff && (marker & 0xff) >= 0xc0 && (marker & 0xff) < 0xff;
  return isJpeg ? { kind: "image", mime: "image/jpeg", extension: "jpg" } : undefined;
}

/** Formats made of packets: transport and program streams, Flash video, ASF. */
function packets(view: DataView): Container | undefined {
  for (const [size, offset] of [
    [188, 0],
    [192, 4],
  ] as const)
    if (isTransport(view, size, offset))
      return { kind: "video", mime: "video/mp2t", extension: "ts", demuxer: "mpegts" };
  // ISO/IEC 13818-1 §2.5.3.3: pack start code; the two or four bits after it distinguish MPEG-2 from MPEG-1.
  const pack = view.getUint8(4);
  if (uint32(view, 0) === 0x1ba && (pack >> 6 === 1 || pack >> 4 === 2))
    return { kind: "video", mime: "video/mpeg", extension: "mpg", demuxer: "mpeg" };
  if (uint32(view, 0) === 0x464c5601 && (view.getUint8(4) & 0xfa) === 0 && uint32(view, 5) === 9)
    return { kind: "video", mime: "video/x-flv", extension: "flv", demuxer: "flv" };
  if (uint32(view, 0) === 0x3026b275 && uint32(view, 4) === 0x8e66cf11)
    return { kind: "video", mime: "video/x-ms-asf", extension: "wmv", demuxer: "asf" };
  return undefined;
}

/** ISO/IEC 13818-1 §2.4.3.2: every packet begins with 0x47; five in a row, or all of a shorter file but at least two. */
function isTransport(view: DataView, size: number, offset: number): boolean {
  const whole = Math.floor(view.byteLength / size);
  if (whole < 2) return false;
  for (let n = 0; n < Math.min(whole, 5); n++) if (view.getUint8(n * size + offset) !== 0x47) return false;
  return true;
}
