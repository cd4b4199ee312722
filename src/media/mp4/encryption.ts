import { Mp4Malformed } from "./box.ts";
import { createBoxWalk } from "./box-walk.ts";
import type { Read } from "./indexer.ts";

/** Sample entries of encrypted pictures and sounds: ISO/IEC 14496-12:2022 §8.12, and those of Apple's FairPlay. */
const encryptedEntries: ReadonlySet<string> = new Set(["encv", "enca", "drmi", "drms"]);
/** ISO/IEC 14496-12:2022 §8.5.2: version, flags and number of entries come before the entries. */
const stsdHeaderBytes = 8;

/**
 * True if a picture or a sound of an MP4 or QuickTime file is encrypted. FFmpeg does not report it: without the key it
 * decodes noise. Reads headers alone, wherever in the file they are. A file without boxes counts as not encrypted:
 * FFmpeg identifies it.
 */
export async function isEncrypted(read: Read, sizeBytes: number): Promise<boolean> {
  const walk = createBoxWalk(read);
  const toEntries = ["moov", "trak", "mdia", "minf", "stbl", "stsd"];
  try {
    for await (const { body, end } of walk.all({ body: 0, end: sizeBytes }, toEntries))
      for await (const { type } of walk.boxes(body + stsdHeaderBytes, end)) if (encryptedEntries.has(type)) return true;
    return false;
  } catch (error) {
    if (error instanceof Mp4Malformed) return false;
    throw error;
  }
}
