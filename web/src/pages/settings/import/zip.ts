/** Why a file is no archive that can be read. */
export type ZipFault = "not_an_archive" | "cut" | "not_ours";

export class BadZip extends Error {
  readonly fault: ZipFault;
  constructor(fault: ZipFault) {
    super(fault);
    this.fault = fault;
  }
}

/** A file of an archive, whose bytes stay where they are until they are read. */
export interface ZipEntry {
  readonly path: string;
  readonly sizeBytes: number;
  open(): Promise<Blob>;
}

/** More than any export has. */
const entriesMax = 100_200;
const directoryBytesMax = 64 * 1_024 * 1_024;
const pathCharactersMax = 4_096;

// PKWARE APPNOTE.TXT 6.3.10 §4.3.7 to §4.3.16.
const [localBytes, centralBytes, endBytes, end64Bytes, locatorBytes] = [30, 46, 22, 56, 20];
const [max16, max32] = [0xffff, 0xffff_ffff];
/** The extra field in which an export has a path that is not legal on every system. */
const originalPathId = 0x4e4b;

/**
 * The files of an archive as an export writes it: stored, not compressed. So it unpacks to nothing larger than itself.
 * @throws BadZip for anything else
 */
export async function readZip(file: Blob): Promise<ReadonlyMap<string, ZipEntry>> {
  const head = await viewOf(file, 0, 4);
  if (head.byteLength < 4 || head.getUint32(0, true) !== 0x0403_4b50) throw new BadZip("not_an_archive");
  const { count, offset, length } = await placeOfDirectory(file);
  if (count > entriesMax || length > directoryBytesMax) throw new BadZip("not_ours");
  if (offset + length > file.size) throw new BadZip("cut");
  const directory = await viewOf(file, offset, length);
  const entries = new Map<string, ZipEntry>();
  let total = 0;
  for (let at = 0, number = 0; number < count; number++) {
    if (at + centralBytes > length || directory.getUint32(at, true) !== 0x0201_4b50) throw new BadZip("not_ours");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => directory.getUint16(at + field, true));
    const end = at + centralBytes + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
    if (end > length) throw new BadZip("not_ours");
    const entry = entryAt(file, directory, at);
    total += entry.sizeBytes;
    // Entries that lie over each other would be more than the archive.
    if (total > file.size || entries.has(entry.path)) throw new BadZip("not_ours");
    if (!entry.path.endsWith("/")) entries.set(entry.path, entry);
    at = end;
  }
  return entries;
}

/** True for a path that leads nowhere but into the archive. Pure. */
export const isSafePath = (path: string): boolean =>
  path.length > 0 &&
  path.length <= pathCharactersMax &&
  !/\p{Cc}/u.test(path) &&
  path
    .replace(/\/$/, "")
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== "..");

function entryAt(file: Blob, directory: DataView, at: number): ZipEntry {
  const flags = directory.getUint16(at + 8, true);
  const method = directory.getUint16(at + 10, true);
  const nameLength = directory.getUint16(at + 28, true);
  const extraLength = directory.getUint16(at + 30, true);
  const name = textAt(directory, at + centralBytes, nameLength);
  const extra = fieldsOf(directory, at + centralBytes + nameLength, extraLength);
  const sizes = [20, 24, 42].map((field) => directory.getUint32(at + field, true));
  const large = extra.get(0x0001);
  let place = 0;
  const [packedBytes = 0, sizeBytes = 0, offset = 0] = sizes.map((value) => {
    if (value !== max32 || !large || place + 8 > large.byteLength) return value;
    place += 8;
    return Number(large.getBigUint64(place - 8, true));
  });
  const original = extra.get(originalPathId);
  const path = original ? textAt(original, 0, original.byteLength) : name;
  const isPlain = method === 0 && (flags & 1) === 0 && packedBytes === sizeBytes;
  if (!isPlain || !isSafePath(path)) throw new BadZip("not_ours");
  if (offset + localBytes + sizeBytes > file.size) throw new BadZip("cut");
  return {
    path,
    sizeBytes,
    async open() {
      const local = await viewOf(file, offset, localBytes);
      if (local.byteLength < localBytes || local.getUint32(0, true) !== 0x0403_4b50) throw new BadZip("not_ours");
      const start = offset + localBytes + local.getUint16(26, true) + local.getUint16(28, true);
      if (start + sizeBytes > file.size) throw new BadZip("cut");
      return file.slice(start, start + sizeBytes);
    },
  };
}

async function placeOfDirectory(file: Blob) {
  const tailBytes = Math.min(file.size, endBytes + locatorBytes + end64Bytes);
  const tail = await viewOf(file, file.size - tailBytes, tailBytes);
  const at = tailBytes - endBytes;
  // An export has no comment, so its end is in one place.
  if (at < 0 || tail.getUint32(at, true) !== 0x0605_4b50) throw new BadZip("cut");
  const count = tail.getUint16(at + 10, true);
  const length = tail.getUint32(at + 12, true);
  const offset = tail.getUint32(at + 16, true);
  if (count !== max16 && length !== max32 && offset !== max32) return { count, length, offset };
  const at64 = at - locatorBytes - end64Bytes;
  if (at64 < 0 || tail.getUint32(at64, true) !== 0x0606_4b50) throw new BadZip("not_ours");
  const number = (field: number) => Number(tail.getBigUint64(at64 + field, true));
  return { count: number(32), length: number(40), offset: number(48) };
}

/** Extra fields by their ids. */
function fieldsOf(view: DataView, from: number, length: number): ReadonlyMap<number, DataView> {
  const fields = new Map<number, DataView>();
  for (let at = from; at + 4 <= from + length; ) {
    const size = view.getUint16(at + 2, true);
    if (at + 4 + size > from + length) throw new BadZip("not_ours");
    fields.set(view.getUint16(at, true), new DataView(view.buffer, view.byteOffset + at + 4, size));
    at += 4 + size;
  }
  return fields;
}

const viewOf = async (file: Blob, at: number, length: number): Promise<DataView> =>
  new DataView(await file.slice(at, at + length).arrayBuffer());

const textAt = (view: DataView, at: number, length: number): string =>
  new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
