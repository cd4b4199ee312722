import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import type { BlobReader } from "#kernel";
import { centralHeader, chunkBytes, descriptor, ending, localHeader, type Placed, type Planned } from "./zip.ts";

/** Inclusive byte positions. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

type Open = (key: string) => Promise<BlobReader>;

/**
 * The bytes of an archive within a range: the same as those of the whole at these positions. Objects before the range are
 * read where a checksum in the range needs them, unless `sums` has it by their key.
 */
export async function* rangeOf(
  plan: Planned,
  range: ByteRange,
  open: Open,
  sums: Map<string, number>,
): AsyncGenerator<Buffer> {
  let at = 0;
  const isIn = (length: number) => at <= range.end && at + length > range.start;
  const cut = (part: Buffer) => part.subarray(Math.max(0, range.start - at), range.end + 1 - at);
  for (const entry of plan.entries) {
    if (at > range.end) return;
    const header = localHeader(entry);
    if (isIn(header.length)) yield cut(header);
    at += header.length;
    if (isIn(entry.sizeBytes)) yield* objectRange(entry, { start: range.start - at, end: range.end - at }, open, sums);
    at += entry.sizeBytes;
    if (!entry.hasDescriptor) continue;
    const { length } = descriptor(entry, 0);
    if (isIn(length)) yield cut(descriptor(entry, await sumOf(entry, open, sums)));
    at += length;
  }
  for (const entry of plan.entries) {
    const { length } = centralHeader(entry, 0);
    if (isIn(length)) yield cut(centralHeader(entry, await sumOf(entry, open, sums)));
    at += length;
  }
  const end = ending(plan);
  if (isIn(end.length)) yield cut(end);
}

/** The bytes of an object within a range that may begin before it and end behind it. */
async function* objectRange(
  { key, sizeBytes }: Placed,
  { start, end }: ByteRange,
  open: Open,
  sums: Map<string, number>,
): AsyncGenerator<Buffer> {
  if (key === null || sizeBytes === 0) return;
  const last = Math.min(sizeBytes - 1, end);
  // The checksum is that of all bytes: it is computed on the way, where they pass from the first one on.
  let sum = start <= 0 ? 0 : undefined;
  for await (const bytes of bytesFrom(key, Math.max(0, start), last, open)) {
    if (sum !== undefined) sum = crc32(bytes, sum);
    yield bytes;
  }
  if (sum !== undefined && last === sizeBytes - 1) sums.set(key, sum);
}

async function sumOf({ key, sizeBytes }: Placed, open: Open, sums: Map<string, number>): Promise<number> {
  if (key === null || sizeBytes === 0) return 0;
  const existingSum = sums.get(key);
  if (existingSum !== undefined) return existingSum;
  let sum = 0;
  for await (const bytes of bytesFrom(key, 0, sizeBytes - 1, open)) sum = crc32(bytes, sum);
  sums.set(key, sum);
  return sum;
}

/** @throws Error where the object is shorter than was said */
async function* bytesFrom(key: string, first: number, last: number, open: Open): AsyncGenerator<Buffer> {
  const object = await open(key);
  try {
    for (let at = first; at <= last; ) {
      const bytes = await object.read(at, Math.min(chunkBytes, last + 1 - at));
      assert.ok(bytes.byteLength > 0, "an object is shorter than was said");
      at += bytes.byteLength;
      yield bytes;
    }
  } finally {
    await object.close();
  }
}
