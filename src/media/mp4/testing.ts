import { fullBox, u16, u32, box } from "./writer.ts";

/** A stretch of an edit list, in seconds; it begins at `from` of the media, or is a pause where that is missing. */
export interface Stretch {
  readonly from?: number;
  readonly seconds: number;
}

/**
 * An MP4 of FFmpeg's, whose header is at its end, with another edit list in each track: what an editor writes that saves
 * without encoding.
 */
export function withEdits(film: Buffer, stretches: readonly Stretch[]): Buffer {
  const boxes = boxesOf(film);
  const moov = boxes.find(({ type }) => type === "moov");
  if (moov === undefined || boxes.at(-1) !== moov) throw new RangeError("the header is not at the end");
  const mvhd = partOf(moov.body, "mvhd");
  const movieTimescale = mvhd.readUInt32BE(12);
  const parts = boxesOf(moov.body).map(({ type, bytes, body }) =>
    type === "trak" ? editedTrack(body, stretches, movieTimescale) : bytes,
  );
  return Buffer.concat([film.subarray(0, moov.start), box("moov", ...parts)]);
}

function editedTrack(trak: Buffer, stretches: readonly Stretch[], movieTimescale: number): Buffer {
  const timescale = partOf(partOf(trak, "mdia"), "mdhd").readUInt32BE(12);
  const before = partOf(partOf(trak, "edts"), "elst");
  // The encoder's run-up before the first second.
  const offset = before.readInt32BE(12);
  const entries = stretches.flatMap(({ from, seconds }) => [
    u32(seconds * movieTimescale, from === undefined ? 0xffffffff : Math.round(from * timescale) + offset),
    u16(1, 0),
  ]);
  const edts = box("edts", fullBox("elst", 0, 0, u32(stretches.length), ...entries));
  return box("trak", ...boxesOf(trak).map(({ type, bytes }) => (type === "edts" ? edts : bytes)));
}

interface Part {
  readonly type: string;
  readonly start: number;
  readonly bytes: Buffer;
  readonly body: Buffer;
}

function boxesOf(bytes: Buffer): Part[] {
  const parts: Part[] = [];
  for (let start = 0; start < bytes.length; ) {
    const size = bytes.readUInt32BE(start);
    const type = bytes.toString("latin1", start + 4, start + 8);
    const whole = bytes.subarray(start, start + size);
    parts.push({ type, start, bytes: whole, body: whole.subarray(8) });
    start += size;
  }
  return parts;
}

function partOf(bytes: Buffer, name: string): Buffer {
  const part = boxesOf(bytes).find(({ type }) => type === name);
  if (part === undefined) throw new RangeError(`there is no ${name}`);
  return part.body;
}
