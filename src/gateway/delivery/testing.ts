import assert from "node:assert/strict";
import { crc32 } from "node:zlib";

/** A reader of its own: from the end, as APPNOTE.TXT describes it. `from`: where the given part of the archive begins. */
export function directory(tail: Buffer, from = 0) {
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let count = tail.readUInt16LE(end + 10);
  let at = tail.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffff_ffff) {
    const end64 = Number(tail.readBigUInt64LE(end - 20 + 8)) - from;
    assert.equal(tail.readUInt32LE(end64), 0x0606_4b50);
    count = Number(tail.readBigUInt64LE(end64 + 32));
    at = Number(tail.readBigUInt64LE(end64 + 48));
  }
  at -= from;
  return Array.from({ length: count }, () => {
    assert.equal(tail.readUInt32LE(at), 0x0201_4b50);
    const [nameBytes, extraBytes] = [tail.readUInt16LE(at + 28), tail.readUInt16LE(at + 30)];
    const name = tail.subarray(at + 46, at + 46 + nameBytes).toString();
    const sum = tail.readUInt32LE(at + 16);
    let sizeBytes = tail.readUInt32LE(at + 24);
    let offset = tail.readUInt32LE(at + 42);
    let original = name;
    for (let field = at + 46 + nameBytes; field < at + 46 + nameBytes + extraBytes; ) {
      const length = tail.readUInt16LE(field + 2);
      if (tail.readUInt16LE(field) === 1) {
        const values = Array.from({ length: length / 8 }, (_, i) => Number(tail.readBigUInt64LE(field + 4 + 8 * i)));
        if (sizeBytes === 0xffff_ffff) [sizeBytes] = values.splice(0, 2) as [number, number];
        if (offset === 0xffff_ffff) [offset] = values as [number];
      }
      if (tail.readUInt16LE(field) === 0x4e4b) original = tail.subarray(field + 4, field + 4 + length).toString();
      field += 4 + length;
    }
    at += 46 + nameBytes + extraBytes;
    return { name, original, sum, sizeBytes, offset };
  });
}

/** The files of an archive, each compared with its checksum. */
export function read(whole: Buffer): { name: string; original: string; bytes: Buffer }[] {
  return directory(whole).map(({ name, original, sum, sizeBytes, offset }) => {
    assert.equal(whole.readUInt32LE(offset), 0x0403_4b50);
    const from = offset + 30 + whole.readUInt16LE(offset + 26) + whole.readUInt16LE(offset + 28);
    const bytes = whole.subarray(from, from + sizeBytes);
    assert.equal(crc32(bytes), sum, name);
    if ((whole.readUInt16LE(offset + 6) & 8) !== 0) assert.equal(whole.readUInt32LE(from + sizeBytes), 0x0807_4b50);
    return { name, original, bytes };
  });
}
