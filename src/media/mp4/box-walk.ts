import { type Box, boxAt, headerBytesMax, Mp4Malformed } from "./box.ts";
import type { Read } from "./indexer.ts";

/** A header costs a read each; a plain file has a few dozen up to its last sample entry. */
const headersMax = 10_000;

/** Reads the headers of boxes one by one, wherever in a file they are. */
export interface BoxWalk {
  /** The boxes between two offsets. @throws Mp4Malformed, also where a file has too many */
  boxes(start: number, end: number): AsyncGenerator<Box>;
  /** All boxes at the end of a path, such as `["moov", "trak"]`. @throws Mp4Malformed */
  all(inside: Pick<Box, "body" | "end">, path: readonly string[]): AsyncGenerator<Box>;
}

/** Walks a file without reading its samples. */
export function createBoxWalk(read: Read): BoxWalk {
  let boxesLeft = headersMax;

  async function* boxes(start: number, end: number): AsyncGenerator<Box> {
    for (let at = start; at < end; ) {
      if (boxesLeft-- === 0) throw new Mp4Malformed("too many boxes");
      const bytes = await read(at, Math.min(headerBytesMax, end - at));
      const box = boxAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at, end, at);
      yield box;
      at = box.end;
    }
  }

  async function* all({ body, end }: Pick<Box, "body" | "end">, path: readonly string[]): AsyncGenerator<Box> {
    const [type, ...deeper] = path;
    for await (const box of boxes(body, end)) {
      if (box.type !== type) continue;
      if (deeper.length === 0) yield box;
      else yield* all(box, deeper);
    }
  }

  return { boxes, all };
}
