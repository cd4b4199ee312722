import { boxes, Mp4Malformed } from "./box.ts";
import { readTrack } from "./track.ts";

/** RFC 6381 name of the one track of `ftyp` and `moov`. @throws Mp4Malformed */
export function codecNameOf(init: Uint8Array): string {
  const view = new DataView(init.buffer, init.byteOffset, init.byteLength);
  for (const box of boxes(view, 0, init.byteLength)) if (box.type === "moov") return readTrack(view, box).codec;
  throw new Mp4Malformed("no moov");
}
