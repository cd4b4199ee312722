import type { ItemTable } from "../recall/item-table.ts";

/*
 * A stored model, little-endian. Its head is eight bytes of name and version, then the numbers of videos and of entries
 * for each as 32-bit integers. The videos follow as 64-bit floats, the items of the table as 32-bit integers and its
 * scores as 32-bit floats.
 */
const magic = Buffer.from("KNRECAL1");
const headBytes = magic.length + 8;

export interface StoredModel {
  readonly videoIds: Float64Array;
  readonly table: ItemTable;
}

/** The parts of a stored model, to be written one after the other. */
export function encodeModel({ videoIds, table }: StoredModel): Uint8Array[] {
  const head = Buffer.alloc(headBytes);
  magic.copy(head);
  head.writeUInt32LE(videoIds.length, magic.length);
  head.writeUInt32LE(table.width, magic.length + 4);
  return [head, ...[videoIds, table.items, table.scores].map(bytesOf)];
}

/** @throws RangeError unless it is a model of this version, whole and within its bounds */
export function decodeModel(bytes: Uint8Array): StoredModel {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < headBytes || !buffer.subarray(0, magic.length).equals(magic)) throw new RangeError("no model");
  const videos = buffer.readUInt32LE(magic.length);
  const width = buffer.readUInt32LE(magic.length + 4);
  const entries = videos * width;
  if (buffer.length !== headBytes + 8 * videos + 8 * entries) throw new RangeError("a model of another size");
  // Copies: views of floats need an address that is a multiple of eight.
  const part = (from: number, length: number) => Uint8Array.from(buffer.subarray(from, from + length)).buffer;
  const videoIds = new Float64Array(part(headBytes, 8 * videos));
  const items = new Int32Array(part(headBytes + 8 * videos, 4 * entries));
  const scores = new Float32Array(part(headBytes + 8 * videos + 4 * entries, 4 * entries));
  if (items.some((item) => item < -1 || item >= videos)) throw new RangeError("a model with items that it has not");
  return { videoIds, table: { width, items, scores } };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Int32Array | Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
