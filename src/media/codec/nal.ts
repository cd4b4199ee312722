import { malformedRefusal } from "../frames/ingest-refusal.ts";

/**
 * NAL units with lengths of four bytes, each of at least one byte: the same buffer where they are so already, else a
 * copy. `lengthBytes` is what the decoder configuration says. @throws IngestRefusal where a unit does not fit
 */
export function withFourByteLengths(units: Buffer, lengthBytes: number): Buffer {
  const parts: Buffer[] = [];
  let isSame = lengthBytes === 4;
  for (let at = 0; at < units.length; ) {
    if (at + lengthBytes > units.length) throw malformedRefusal("a picture ends within the length of a NAL unit");
    const start = at + lengthBytes;
    const size = units.readUIntBE(at, lengthBytes);
    if (start + size > units.length) throw malformedRefusal("a NAL unit is longer than its picture");
    if (size === 0) isSame = false;
    else parts.push(units.subarray(start, start + size));
    at = start + size;
  }
  return isSame ? units : Buffer.concat(parts.flatMap((unit) => [lengthOf(unit), unit]));
}

function lengthOf(unit: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(unit.length);
  return length;
}
