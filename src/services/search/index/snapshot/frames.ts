import { crc32 } from "node:zlib";

/*
 * A snapshot is a list of frames with headers of 24 bytes, numbers in little-endian order. A header holds "KNSI", the
 * format version, the frame's number, the number of frames and the payload's length. Its last four bytes are the CRC-32
 * of the rest of the frame.
 */
const magic = 0x49534e4b;
const formatVersion = 1;
const headBytes = 24;

/** A snapshot that cannot be read. The index is built anew then. */
export class SnapshotFailure extends Error {
  readonly reason: "damaged" | "incomplete" | "unknown_version";

  constructor(reason: "damaged" | "incomplete" | "unknown_version", message: string) {
    super(message);
    this.name = "SnapshotFailure";
    this.reason = reason;
  }
}

export function frameOf(payload: Uint8Array, number: number, count: number): Uint8Array {
  const frame = new Uint8Array(headBytes + payload.length);
  const head = new DataView(frame.buffer);
  for (const [n, value] of [magic, formatVersion, number, count, payload.length].entries())
    head.setUint32(4 * n, value, true);
  frame.set(payload, headBytes);
  head.setUint32(20, checksum(frame), true);
  return frame;
}

/** @throws SnapshotFailure for a frame that is not as it was written, or is not the one that is due */
export function payloadOf(frame: Uint8Array | undefined, number: number, count: number): Uint8Array {
  if (!frame) throw new SnapshotFailure("incomplete", `frame ${number} of the snapshot is absent`);
  if (frame.length < headBytes) throw new SnapshotFailure("damaged", `frame ${number} of the snapshot has no head`);
  const head = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const word = (n: number) => head.getUint32(4 * n, true);
  if (word(0) !== magic || word(5) !== checksum(frame))
    throw new SnapshotFailure("damaged", `frame ${number} of the snapshot is damaged`);
  if (word(1) !== formatVersion)
    throw new SnapshotFailure("unknown_version", `the snapshot has format ${word(1)}, which this version cannot read`);
  if (word(2) !== number || word(3) !== count || word(4) !== frame.length - headBytes)
    throw new SnapshotFailure("incomplete", `frame ${number} of the snapshot is of another place or length`);
  return frame.subarray(headBytes);
}

const checksum = (frame: Uint8Array): number =>
  crc32(frame.subarray(headBytes), crc32(frame.subarray(0, headBytes - 4)));

/** The frames that follow each other in one object; what is no whole frame is left to {@link payloadOf} to refuse. */
export function framesIn(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const end = at + headBytes <= bytes.length ? at + headBytes + view.getUint32(at + 16, true) : bytes.length;
    frames.push(bytes.subarray(at, Math.min(end, bytes.length)));
    at = end;
  }
  return frames;
}
