import { type Box, Fields, Mp4Malformed } from "./box.ts";
import { createBoxWalk } from "./box-walk.ts";
import type { Read } from "./indexer.ts";

/** One entry of an edit list: a stretch of the media in ticks of its track, or a pause where `mediaTime` is -1. */
export interface Edit {
  readonly durationTicks: number;
  readonly mediaTime: number;
}

/** A list of more entries was made by an editor, whatever is in it. */
const editsMax = 1_000;
/** Durations of edits are rounded to ticks of the movie, of which a second has 600 at the least in practice. */
const roundingSeconds = 0.002;

/**
 * True if a picture or a sound of an MP4 or QuickTime file is put together from several stretches of its media (ISO/IEC
 * 14496-12:2022 §8.6.6). A single start offset cannot say that. A file without boxes has no edits: FFmpeg identifies
 * it.
 */
export async function hasEdits(read: Read, sizeBytes: number): Promise<boolean> {
  const walk = createBoxWalk(read);
  const firstOf = async (inside: Pick<Box, "body" | "end">, ...path: string[]): Promise<Fields | undefined> => {
    for await (const box of walk.all(inside, path)) return fieldsOf(read, box);
    return undefined;
  };
  try {
    for await (const moov of walk.all({ body: 0, end: sizeBytes }, ["moov"])) {
      const movie = await firstOf(moov, "mvhd");
      const movieTimescale = movie === undefined ? 0 : timescaleOf(movie);
      for await (const trak of walk.all(moov, ["trak"])) {
        const list = await firstOf(trak, "edts", "elst");
        const media = await firstOf(trak, "mdia", "mdhd");
        if (list === undefined || media === undefined || movieTimescale === 0) continue;
        const timescale = timescaleOf(media);
        const edits = editsOf(list, timescale / movieTimescale);
        if (isPutTogether(edits, timescale)) return true;
      }
    }
    return false;
  } catch (error) {
    if (error instanceof Mp4Malformed) return false;
    throw error;
  }
}

/** True if edits leave out, repeat or reorder media, or pause after its beginning. Pure. */
export function isPutTogether(edits: readonly Edit[], timescale: number): boolean {
  const stretches = edits.filter((edit, n) => edit.mediaTime >= 0 || n > 0);
  return stretches.some(({ mediaTime }, n) => {
    const before = stretches[n - 1];
    if (mediaTime < 0) return true;
    if (before === undefined) return false;
    return Math.abs(mediaTime - before.mediaTime - before.durationTicks) > Math.max(1, timescale * roundingSeconds);
  });
}

/** §8.6.6.2, with durations in ticks of the track. */
function editsOf(list: Fields, trackTicksPerMovieTick: number): Edit[] {
  const isLong = list.u8() === 1;
  const count = list.skip(3).u32();
  if (count > editsMax) return [pause, pause];
  return Array.from({ length: count }, () => {
    const duration = isLong ? list.u64() : list.u32();
    const mediaTime = isLong ? list.i64() : list.i32();
    list.skip(4);
    return { durationTicks: duration * trackTicksPerMovieTick, mediaTime };
  });
}
const pause: Edit = { durationTicks: 0, mediaTime: -1 };

/** §8.2.2 and §8.4.2: two times come before it, of eight bytes each in version 1. */
const timescaleOf = (header: Fields): number => header.skip(header.u8() === 1 ? 3 + 16 : 3 + 8).u32();

/** The largest edit list that is read has 20 bytes an entry. */
const bytesMax = 16 + editsMax * 20;

async function fieldsOf(read: Read, { type, body, end }: Box): Promise<Fields> {
  const bytes = await read(body, Math.min(end - body, bytesMax));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Fields(view, { type, start: 0, body: 0, end: bytes.byteLength });
}
