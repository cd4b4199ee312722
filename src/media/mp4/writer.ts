/** A box (ISO/IEC 14496-12:2022 §4.2) of the contents, one after another. */
export function box(type: string, ...contents: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(
    contents.reduce((sum, { length }) => sum + length, 8),
    0,
  );
  head.write(type, 4, "latin1");
  return Buffer.concat([head, ...contents]);
}

/** A box whose contents begin with a version and flags. */
export function fullBox(type: string, version: number, flags: number, ...contents: readonly Uint8Array[]): Buffer {
  return box(type, u32(version * 2 ** 24 + flags), ...contents);
}

export const u8 = (...values: readonly number[]): Buffer => Buffer.from(values);

/** Big-endian, 16 bits each. */
export function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [n, value] of values.entries()) bytes.writeUInt16BE(value, n * 2);
  return bytes;
}

/** Big-endian, 32 bits each. */
export function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [n, value] of values.entries()) bytes.writeUInt32BE(value, n * 4);
  return bytes;
}

/** Big-endian, 64 bits each, of safe integers. */
export function u64(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [n, value] of values.entries()) bytes.writeBigUInt64BE(BigInt(value), n * 8);
  return bytes;
}

export const ascii = (text: string): Buffer => Buffer.from(text, "latin1");
