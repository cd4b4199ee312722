import { type Box, boxAt, headerBytesMax, Mp4Malformed } from "./box.ts";
import type { Read } from "./indexer.ts";

/** Sample entries of encrypted pictures and sounds: ISO/IEC 14496-12:2022 §8.12, and those of Apple's FairPlay. */
const encryptedEntries: ReadonlySet<string> = new Set(["encv", "enca", "drmi", "drms"]);
/** A header costs a read each; a plain file has a few dozen up to its last sample entry. */
const headersMax = 10_000;
const toEntries = ["trak", "mdia", "minf", "stbl", "stsd"] as const;
/** ISO/IEC 14496-12:2022 §8.5.2: version, flags and number of entries come before the entries. */
const stsdHeaderBytes = 8;

/**
 * Whether a picture or a sound of an MP4 or QuickTime file is encrypted. FFmpeg does not say so: without the key it decodes
 * noise. Reads headers alone, wherever in the file they are. What is no box is not encrypted: FFmpeg says what it is.
 */
export async function isEncrypted(read: Read, sizeBytes: number): Promise<boolean> {
  let left = headersMax;

  async function* boxesIn(start: number, end: number): AsyncGenerator<Box> {
    for (let at = start; at < end; ) {
      if (left-- === 0) throw new Mp4Malformed("too many boxes");
      const bytes = await read(at, Math.min(headerBytesMax, end - at));
      const box = boxAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at, end, at);
      yield box;
      at = box.end;
    }
  }

  async function hasEncrypted({ body, end }: Box, [type, ...deeper]: readonly string[]): Promise<boolean> {
    for await (const box of boxesIn(type === undefined ? body + stsdHeaderBytes : body, end)) {
      if (type === undefined ? encryptedEntries.has(box.type) : box.type === type && (await hasEncrypted(box, deeper)))
        return true;
    }
    return false;
  }

  try {
    return await hasEncrypted({ type: "", start: 0, body: 0, end: sizeBytes }, ["moov", ...toEntries]);
  } catch (error) {
    if (error instanceof Mp4Malformed) return false;
    throw error;
  }
}
