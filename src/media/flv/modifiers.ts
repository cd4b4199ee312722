import { malformedRefusal } from "../frames/ingest-refusal.ts";

const modifier = 7;

/**
 * Skips the ModEx packets in front of a packet of Enhanced RTMP v2. Returns the type of that packet, and the offset of
 * its contents. The one modifier that is defined moves a time by less than a millisecond.
 */
export function skipModifiers(body: Buffer, firstType: number): { packetType: number; at: number } {
  let packetType = firstType;
  let at = 1;
  while (packetType === modifier) {
    let size = byteAt(body, at++) + 1;
    if (size === 256) {
      size = byteAt(body, at) * 256 + byteAt(body, at + 1) + 1;
      at += 2;
    }
    at += size;
    packetType = byteAt(body, at++) & 15;
  }
  return { packetType, at };
}

function byteAt(body: Buffer, at: number): number {
  const byte = body[at];
  if (byte === undefined) throw malformedRefusal("a modifier of a tag is cut off");
  return byte;
}
