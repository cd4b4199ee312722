import type { Read } from "../mp4/indexer.ts";

/** RFC 9559 §5.1: the elements on the way to what says that a track is encrypted. */
const ids = {
  segment: 0x18538067,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackType: 0x83,
  contentEncodings: 0x6d80,
  contentEncoding: 0x6240,
  contentEncryption: 0x5035,
} as const;
const toEncryption: readonly number[] = [ids.contentEncodings, ids.contentEncoding, ids.contentEncryption];
const pictureType = 1;
const soundType = 2;

/** An id has up to four bytes, a size up to eight (RFC 8794 §4.4, §5). */
const headerBytesMax = 12;
/** A header costs a read each; a plain file has a few dozen up to its tracks. */
const headersMax = 10_000;

interface Element {
  readonly id: number;
  readonly body: number;
  readonly end: number;
}

/**
 * True if a picture or a sound of a Matroska or WebM file is encrypted. FFmpeg decodes noise without the key, as for
 * MP4. Reads headers alone. A file that is not EBML counts as not encrypted: FFmpeg identifies it.
 */
export async function isEncryptedMatroska(read: Read, sizeBytes: number): Promise<boolean> {
  let headersLeft = headersMax;

  async function* elementsIn(start: number, end: number): AsyncGenerator<Element> {
    for (let at = start; at < end; ) {
      const element =
        headersLeft-- > 0 ? elementAt(await read(at, Math.min(headerBytesMax, end - at)), at, end) : undefined;
      if (!element) return;
      yield element;
      at = element.end;
    }
  }

  async function has({ body, end }: Element, [id, ...deeper]: readonly number[]): Promise<boolean> {
    if (id === undefined) return true;
    for await (const element of elementsIn(body, end))
      if (element.id === id && (await has(element, deeper))) return true;
    return false;
  }

  async function isEncryptedTrack({ body, end }: Element): Promise<boolean> {
    let type: number | undefined;
    let isEncrypted = false;
    for await (const element of elementsIn(body, end)) {
      if (element.id === ids.trackType) type = (await read(element.end - 1, 1))[0];
      else if (element.id === toEncryption[0]) isEncrypted ||= await has(element, toEncryption.slice(1));
    }
    return isEncrypted && (type === pictureType || type === soundType);
  }

  for await (const segment of elementsIn(0, sizeBytes)) {
    if (segment.id !== ids.segment) continue;
    for await (const element of elementsIn(segment.body, segment.end)) {
      if (element.id !== ids.tracks) continue;
      for await (const track of elementsIn(element.body, element.end))
        if (track.id === ids.trackEntry && (await isEncryptedTrack(track))) return true;
    }
  }
  return false;
}

/** The element whose header begins with these bytes; undefined where there is none. One of unknown size ends with its parent. */
function elementAt(bytes: Uint8Array, at: number, parentEnd: number): Element | undefined {
  const idBytes = Math.clz32(bytes[0] ?? 0) - 23;
  const sizeBytes = Math.clz32(bytes[idBytes] ?? 0) - 23;
  const header = idBytes + sizeBytes;
  if (idBytes > 4 || sizeBytes > 8 || header > bytes.byteLength) return undefined;
  let id = 0;
  for (const byte of bytes.subarray(0, idBytes)) id = id * 256 + byte;
  const marker = 0xff >> sizeBytes;
  let size = (bytes[idBytes] ?? 0) & marker;
  let isUnknown = size === marker;
  for (const byte of bytes.subarray(idBytes + 1, header)) {
    size = size * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  const body = at + header;
  const end = isUnknown ? parentEnd : body + size;
  return end <= parentEnd ? { id, body, end } : undefined;
}
