import type { Message } from "./message.ts";

const extendedMark = 0xff_ff_ff;

/** A message in chunks with full headers (RTMP 1.0 §5.3.1) on the chunk stream `id`, 2 to 63. */
export function encodeMessage(id: number, message: Message, chunkSize: number): Buffer {
  const { type, streamId, timestamp, payload } = message;
  const extended = Buffer.alloc(timestamp >= extendedMark ? 4 : 0);
  if (extended.length > 0) extended.writeUInt32BE(timestamp);
  const head = Buffer.alloc(12);
  head.writeUInt8(id);
  head.writeUIntBE(Math.min(timestamp, extendedMark), 1, 3);
  head.writeUIntBE(payload.length, 4, 3);
  head.writeUInt8(type, 7);
  head.writeUInt32LE(streamId, 8);
  const parts: Buffer[] = [head, extended, payload.subarray(0, chunkSize)];
  const between = Buffer.from([0xc0 | id]);
  for (let at = chunkSize; at < payload.length; at += chunkSize)
    parts.push(between, extended, payload.subarray(at, at + chunkSize));
  return Buffer.concat(parts);
}
