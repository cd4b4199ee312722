import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import type { BlobReader } from "#kernel";
import { ArchiveNames } from "./archive-names.ts";

/** One file or, without a key, folder of an archive. Paths are unique, with slashes between their parts. */
export interface ZipEntry {
  readonly path: string;
  readonly key: string | null;
  readonly sizeBytes: number;
  /** In milliseconds since 1970. */
  readonly changedAtMs: number;
}

export interface Placed extends ZipEntry {
  /** UTF-8, legal on every system; a folder's ends with a slash. */
  readonly name: Buffer;
  /** The path in UTF-8 where the name is another one; otherwise empty. */
  readonly original: Buffer;
  /** The offset of its header. */
  readonly offset: number;
  /** Its sizes need 64 bits. */
  readonly isLarge: boolean;
  /** Its sum and sizes follow its bytes. An entry without bytes needs no descriptor after them. */
  readonly hasDescriptor: boolean;
}
/** An archive of which every byte's place is known before the first is read. */
export interface Planned {
  readonly entries: readonly Placed[];
  readonly sizeBytes: number;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
  /** There is more of something than the plain end can say. */
  readonly is64: boolean;
}

// PKWARE APPNOTE.TXT 6.3.10: the sizes of the fixed parts of its structures (§4.3.7 to §4.3.16, §4.5.3).
const [localBytes, centralBytes, endBytes, end64Bytes, locatorBytes] = [30, 46, 22, 56, 20];
const [descriptorBytes, largeDescriptorBytes, timeBytes, localLargeBytes] = [16, 24, 9, 20];
export const max32 = 0xffff_ffff;
const max16 = 0xffff;
const [version, largeVersion] = [20, 45];
export const chunkBytes = 512 * 1_024;
/** An extra field of ours, "KN": an entry's own path, where it is not legal on every system. No extractor may use it. */
const originalPathId = 0x4e4b;
/** More would not fit beside the other fields. */
const originalBytesMax = 0xf000;

/** The place of everything in an archive, which is known in advance because entries are not compressed. Pure. */
export function planOf(entries: readonly ZipEntry[]): Planned {
  let at = 0;
  const names = new ArchiveNames();
  const placed = entries.map((entry): Placed => {
    const isLarge = entry.sizeBytes >= max32;
    const named = namesOf(entry, names);
    const { name } = named;
    const placedEntry = { ...entry, ...named, offset: at, isLarge, hasDescriptor: entry.sizeBytes > 0 };
    at +=
      localBytes +
      name.length +
      timeBytes +
      (isLarge ? localLargeBytes : 0) +
      entry.sizeBytes +
      descriptorOf(placedEntry);
    return placedEntry;
  });
  return planFromPlaced(placed, at);
}

/** The names of an entry, as it is written and as it is called. */
export function namesOf({ path, key }: Pick<ZipEntry, "path" | "key">, names: ArchiveNames) {
  const legal = names.pathOf(path);
  const name = Buffer.from(key === null ? `${legal}/` : legal);
  assert.ok(name.length <= max16, "a path is longer than an archive takes");
  const original = Buffer.from(legal === path ? "" : path);
  return { name, original: original.length > originalBytesMax ? Buffer.alloc(0) : original };
}

/** The plan of entries that lie before the directory. Pure. */
export function planFromPlaced(placed: readonly Placed[], directoryOffset: number): Planned {
  const inDirectory = (entry: Placed) =>
    centralBytes + entry.name.length + timeBytes + large(entry).length + originalPath(entry).length;
  const directoryBytes = placed.reduce((sum, entry) => sum + inDirectory(entry), 0);
  const is64 = placed.length >= max16 || directoryBytes >= max32 || directoryOffset >= max32;
  const sizeBytes = directoryOffset + directoryBytes + (is64 ? end64Bytes + locatorBytes : 0) + endBytes;
  return { entries: placed, sizeBytes, directoryOffset, directoryBytes, is64 };
}

const descriptorOf = ({ hasDescriptor, isLarge }: Placed): number =>
  hasDescriptor ? (isLarge ? largeDescriptorBytes : descriptorBytes) : 0;

/**
 * The bytes of an archive, each object opened when its turn comes and closed after it, also when the reader stops.
 * @throws Error where an object is not as long as was said: nothing that follows would be right.
 */
export async function* bytesOf(plan: Planned, open: (key: string) => Promise<BlobReader>): AsyncGenerator<Buffer> {
  const gathered = new Gathered();
  const sums: number[] = [];
  for (const entry of plan.entries) {
    gathered.add(localHeader(entry));
    let sum = 0;
    if (entry.key !== null && entry.sizeBytes > 0) {
      const object = await open(entry.key);
      try {
        for (let at = 0; at < entry.sizeBytes; ) {
          const bytes = await object.read(at, Math.min(chunkBytes, entry.sizeBytes - at));
          assert.ok(bytes.byteLength > 0, "an object is shorter than was said");
          at += bytes.byteLength;
          sum = crc32(bytes, sum);
          gathered.add(bytes);
          if (gathered.isFull) yield gathered.take();
        }
      } finally {
        await object.close();
      }
      gathered.add(descriptor(entry, sum));
    }
    sums.push(sum);
    if (gathered.isFull) yield gathered.take();
  }
  for (const [place, entry] of plan.entries.entries()) {
    gathered.add(centralHeader(entry, sums[place] ?? 0));
    if (gathered.isFull) yield gathered.take();
  }
  gathered.add(ending(plan));
  yield gathered.take();
}

/** Small pieces go out together. */
export class Gathered {
  #parts: Buffer[] = [];
  #bytes = 0;
  add(part: Buffer): void {
    this.#parts.push(part);
    this.#bytes += part.byteLength;
  }
  get isFull(): boolean {
    return this.#bytes >= 64 * 1_024;
  }
  take(): Buffer {
    const [first] = this.#parts;
    const all = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts, this.#bytes);
    this.#parts = [];
    this.#bytes = 0;
    return all;
  }
}

/** §4.3.7. Fields that are known only after the bytes are 0 here, and follow them. */
export function localHeader(entry: Placed): Buffer {
  const header = Buffer.alloc(localBytes);
  header.writeUInt32LE(0x0403_4b50, 0);
  header.writeUInt16LE(entry.isLarge ? largeVersion : version, 4);
  header.writeUInt16LE(flagsOf(entry), 6);
  header.writeUInt32LE(dosTime(entry.changedAtMs), 10);
  if (entry.isLarge) header.fill(0xff, 18, 26);
  header.writeUInt16LE(entry.name.length, 26);
  header.writeUInt16LE(timeBytes + (entry.isLarge ? localLargeBytes : 0), 28);
  const more = Buffer.alloc(entry.isLarge ? localLargeBytes : 0);
  if (entry.isLarge) {
    more.writeUInt16LE(0x0001, 0);
    more.writeUInt16LE(16, 2);
  }
  return Buffer.concat([header, entry.name, time(entry), more]);
}

/** §4.3.9 */
export function descriptor({ sizeBytes, isLarge }: Placed, sum: number): Buffer {
  const after = Buffer.alloc(isLarge ? largeDescriptorBytes : descriptorBytes);
  after.writeUInt32LE(0x0807_4b50, 0);
  after.writeUInt32LE(sum, 4);
  if (isLarge) {
    after.writeBigUInt64LE(BigInt(sizeBytes), 8);
    after.writeBigUInt64LE(BigInt(sizeBytes), 16);
  } else {
    after.writeUInt32LE(sizeBytes, 8);
    after.writeUInt32LE(sizeBytes, 12);
  }
  return after;
}

/** §4.3.12 */
export function centralHeader(entry: Placed, sum: number): Buffer {
  const header = Buffer.alloc(centralBytes);
  const more = large(entry);
  const original = originalPath(entry);
  header.writeUInt32LE(0x0201_4b50, 0);
  // Unix made it: the mode is in the upper half of the external attributes.
  header.writeUInt16LE((3 << 8) | largeVersion, 4);
  header.writeUInt16LE(more.length > 0 ? largeVersion : version, 6);
  header.writeUInt16LE(flagsOf(entry), 8);
  header.writeUInt32LE(dosTime(entry.changedAtMs), 12);
  header.writeUInt32LE(sum, 16);
  header.writeUInt32LE(Math.min(entry.sizeBytes, max32), 20);
  header.writeUInt32LE(Math.min(entry.sizeBytes, max32), 24);
  header.writeUInt16LE(entry.name.length, 28);
  header.writeUInt16LE(timeBytes + more.length + original.length, 30);
  header.writeUInt32LE(entry.key === null ? ((0o040755 << 16) | 0x10) >>> 0 : (0o100644 << 16) >>> 0, 38);
  header.writeUInt32LE(Math.min(entry.offset, max32), 42);
  return Buffer.concat([header, entry.name, time(entry), more, original]);
}

/** §4.5.3: what does not fit into 32 bits, and only that. */
function large({ sizeBytes, offset, isLarge }: Placed): Buffer {
  const values = [...(isLarge ? [sizeBytes, sizeBytes] : []), ...(offset >= max32 ? [offset] : [])];
  if (values.length === 0) return Buffer.alloc(0);
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(0x0001, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [place, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * place);
  return field;
}

/** §4.5.1: the entry's own path, where it is written under another name. */
function originalPath({ original }: Placed): Buffer {
  if (original.length === 0) return original;
  const head = Buffer.alloc(4);
  head.writeUInt16LE(originalPathId, 0);
  head.writeUInt16LE(original.length, 2);
  return Buffer.concat([head, original]);
}

/** §4.3.14 to §4.3.16 */
export function ending({ entries, directoryOffset, directoryBytes, is64 }: Planned): Buffer {
  const end = Buffer.alloc(endBytes);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(Math.min(entries.length, max16), 8);
  end.writeUInt16LE(Math.min(entries.length, max16), 10);
  end.writeUInt32LE(Math.min(directoryBytes, max32), 12);
  end.writeUInt32LE(Math.min(directoryOffset, max32), 16);
  if (!is64) return end;
  const end64 = Buffer.alloc(end64Bytes);
  end64.writeUInt32LE(0x0606_4b50, 0);
  end64.writeBigUInt64LE(BigInt(end64Bytes - 12), 4);
  end64.writeUInt16LE((3 << 8) | largeVersion, 12);
  end64.writeUInt16LE(largeVersion, 14);
  end64.writeBigUInt64LE(BigInt(entries.length), 24);
  end64.writeBigUInt64LE(BigInt(entries.length), 32);
  end64.writeBigUInt64LE(BigInt(directoryBytes), 40);
  end64.writeBigUInt64LE(BigInt(directoryOffset), 48);
  const locator = Buffer.alloc(locatorBytes);
  locator.writeUInt32LE(0x0706_4b50, 0);
  locator.writeBigUInt64LE(BigInt(directoryOffset + directoryBytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end64, locator, end]);
}

/** Names are UTF-8 (bit 11); sum and sizes follow the bytes (bit 3). */
const flagsOf = ({ hasDescriptor }: Placed): number => 0x0800 | (hasDescriptor ? 0x0008 : 0);

/** Info-ZIP's extended timestamp: seconds since 1970 UTC, which the other one's local time is not. */
function time({ changedAtMs }: Placed): Buffer {
  const field = Buffer.alloc(timeBytes);
  field.writeUInt16LE(0x5455, 0);
  field.writeUInt16LE(5, 2);
  field.writeUInt8(1, 4);
  field.writeInt32LE(Math.min(Math.max(0, Math.floor(changedAtMs / 1_000)), 0x7fff_ffff), 5);
  return field;
}

/** §4.4.6: two-second steps since 1980, date in the upper half. */
function dosTime(changedAtMs: number): number {
  const date = new Date(changedAtMs);
  const year = Math.min(Math.max(date.getUTCFullYear(), 1980), 2107);
  const day = ((year - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const clock = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | clock) >>> 0;
}
