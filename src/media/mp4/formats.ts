import { Fields, Mp4Malformed } from "./box.ts";
import { createBoxWalk } from "./box-walk.ts";
import type { Read } from "./indexer.ts";

/**
 * True if a track of an MP4 or QuickTime file has several sample entries (ISO/IEC 14496-12:2022 §8.5.2). A copy with
 * one header would not play then. A file without boxes has none: FFmpeg identifies it.
 */
export async function hasSeveralFormats(read: Read, sizeBytes: number): Promise<boolean> {
  const path = ["moov", "trak", "mdia", "minf", "stbl", "stsd"];
  try {
    for await (const { type, body } of createBoxWalk(read).all({ body: 0, end: sizeBytes }, path)) {
      const bytes = await read(body, 8);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (new Fields(view, { type, start: 0, body: 4, end: bytes.byteLength }).u32() > 1) return true;
    }
    return false;
  } catch (error) {
    if (error instanceof Mp4Malformed) return false;
    throw error;
  }
}
