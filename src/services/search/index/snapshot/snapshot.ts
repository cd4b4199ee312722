import { crc32 } from "node:zlib";
import { Dictionary } from "../segment/dictionary.ts";
import { Segment } from "../segment/segment.ts";
import type { IndexState } from "../search-index.ts";
import { frameOf, payloadOf, SnapshotFailure } from "./frames.ts";

/** Bytes of a frame: an object store takes them one after the other. */
const frameBytes = 4 * 2 ** 20;

const arrayTypes = { Uint8Array, Uint16Array, Uint32Array, Float64Array } as const;
type ArrayName = keyof typeof arrayTypes;
type NumberArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** The first frame is this as JSON; all others are the bytes of the arrays one after the other, each at a multiple of 8. */
interface Manifest {
  readonly segments: readonly { readonly columns: readonly string[]; readonly arrays: readonly ArrayPlace[] }[];
  readonly tombstones: IndexState["tombstones"];
  readonly byteLength: number;
  /** CRC-32 of what each of the other frames holds: those of another snapshot are no part of this one. */
  readonly checksums: readonly number[];
}
interface ArrayPlace {
  readonly type: ArrayName;
  readonly length: number;
}

/** The arrays of a segment in the order of the format. */
const arraysOf = ({ arrays, deleted }: Segment): NumberArray[] => [
  arrays.kinds,
  arrays.ids,
  arrays.versions,
  arrays.lengths,
  arrays.dictionary.units,
  arrays.dictionary.starts,
  arrays.documentFrequencies,
  arrays.postingStarts,
  arrays.postings,
  arrays.positionStarts,
  arrays.positions,
  deleted,
  ...arrays.columns.values(),
];

const paddedLength = (bytes: number): number => Math.ceil(bytes / 8) * 8;
/** Numbers are written as they are in memory. */
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** An index as frames of at most 4 MiB and a little. */
export function snapshotOf({ segments, tombstones }: IndexState): Uint8Array[] {
  if (!isLittleEndian) throw new Error("snapshots are written on little-endian machines alone");
  const arrays = segments.map(arraysOf);
  const all = arrays.flat();
  const byteLength = all.reduce((sum, array) => sum + paddedLength(array.byteLength), 0);
  const bytes = new Uint8Array(byteLength);
  let at = 0;
  for (const array of all) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += paddedLength(array.byteLength);
  }
  const count = 1 + Math.ceil(byteLength / frameBytes);
  const payloads = Array.from({ length: count - 1 }, (_, n) => bytes.subarray(n * frameBytes, (n + 1) * frameBytes));
  const manifest: Manifest = {
    segments: segments.map((segment, n) => ({
      columns: [...segment.arrays.columns.keys()],
      arrays: (arrays[n] ?? []).map((array) => ({ type: array.constructor.name as ArrayName, length: array.length })), // One of these types.
    })),
    tombstones,
    byteLength,
    checksums: payloads.map((payload) => crc32(payload)),
  };
  return [new TextEncoder().encode(JSON.stringify(manifest)), ...payloads].map((payload, n) =>
    frameOf(payload, n, count),
  );
}

/** @throws SnapshotFailure where any byte is not as it was written, or a frame is absent */
export function indexStateOf(frames: readonly Uint8Array[]): IndexState {
  const [head, ...payloads] =
    frames.length === 0 ? [payloadOf(undefined, 0, 0)] : frames.map((frame, n) => payloadOf(frame, n, frames.length));
  const manifest = JSON.parse(new TextDecoder().decode(head)) as Manifest; // Its checksum holds: it was written here.
  const bytes = new Uint8Array(manifest.byteLength);
  let at = 0;
  for (const [n, payload] of payloads.entries()) {
    if (crc32(payload) !== manifest.checksums[n])
      throw new SnapshotFailure("incomplete", `frame ${n + 1} is of another snapshot`);
    bytes.set(payload, at);
    at += payload.length;
  }
  if (at !== manifest.byteLength) throw new SnapshotFailure("incomplete", "the snapshot has other bytes than it says");
  const cursor = new ArrayCursor(bytes.buffer);
  return {
    segments: manifest.segments.map(({ columns, arrays }) => segmentFrom(columns, arrays, cursor)),
    tombstones: manifest.tombstones,
  };
}

/** Takes one array after the other out of a buffer, without a copy. */
class ArrayCursor {
  readonly #buffer: ArrayBuffer;
  #at = 0;

  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer;
  }

  take<T extends ArrayName>(place: ArrayPlace | undefined, type: T): InstanceType<(typeof arrayTypes)[T]> {
    if (place?.type !== type) throw new SnapshotFailure("damaged", `the snapshot has no ${type} where one is due`);
    const array = new arrayTypes[type](this.#buffer, this.#at, place.length);
    this.#at += paddedLength(array.byteLength);
    return array as InstanceType<(typeof arrayTypes)[T]>; // `place.type` is `type`.
  }
}

function segmentFrom(columns: readonly string[], places: readonly ArrayPlace[], cursor: ArrayCursor): Segment {
  const remainingPlaces = [...places];
  const bytes = () => cursor.take(remainingPlaces.shift(), "Uint8Array");
  const shorts = () => cursor.take(remainingPlaces.shift(), "Uint16Array");
  const words = () => cursor.take(remainingPlaces.shift(), "Uint32Array");
  const floats = () => cursor.take(remainingPlaces.shift(), "Float64Array");
  const head = { kinds: bytes(), ids: floats(), versions: floats(), lengths: shorts() };
  const dictionary = new Dictionary(shorts(), words());
  const postings = {
    documentFrequencies: words(),
    postingStarts: words(),
    postings: bytes(),
    positionStarts: words(),
    positions: bytes(),
  };
  const deleted = bytes();
  return new Segment(
    { ...head, dictionary, ...postings, columns: new Map(columns.map((name) => [name, floats()])) },
    deleted,
  );
}
