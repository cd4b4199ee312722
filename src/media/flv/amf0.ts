import { malformedRefusal, tooLargeRefusal, unsupportedRefusal } from "../frames/ingest-refusal.ts";

/**
 * A value of AMF0 (Action Message Format, AMF 0, §2). An object is a `Map`, which has no prototype that a name could
 * reach; an ECMA array is an `EcmaArray`; a date that is none has the time NaN.
 */
export type Amf0Value =
  | number
  | boolean
  | string
  | null
  | undefined
  | Date
  | Amf0Object
  | EcmaArray
  | readonly Amf0Value[];
export type Amf0Object = ReadonlyMap<string, Amf0Value>;

/** Written and read as an ECMA array (§2.10) instead of an object (§2.5). */
export class EcmaArray extends Map<string, Amf0Value> {}

const markers = {
  number: 0,
  boolean: 1,
  string: 2,
  object: 3,
  null: 5,
  undefined: 6,
  ecmaArray: 8,
  objectEnd: 9,
  strictArray: 10,
  date: 11,
  longString: 12,
} as const;

const depthMax = 8;
const valuesMax = 4096;
const shortStringBytesMax = 0xff_ff;

/** Reads values one after another. Memory is bounded by the bytes and `valuesMax`. @throws IngestRefusal */
export class Amf0Reader {
  readonly #bytes: Buffer;
  #at = 0;
  #values = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  value(depth = 0): Amf0Value {
    if (depth > depthMax) throw tooLargeRefusal("values of AMF0 are nested too deeply");
    if (++this.#values > valuesMax) throw tooLargeRefusal("there are too many values of AMF0");
    const marker = this.#bytes.readUInt8(this.#take(1));
    switch (marker) {
      case markers.number:
        return this.#bytes.readDoubleBE(this.#take(8));
      case markers.boolean:
        return this.#bytes.readUInt8(this.#take(1)) !== 0;
      case markers.string:
        return this.#shortString();
      case markers.object:
        return this.#properties(new Map(), depth);
      case markers.null:
        return null;
      case markers.undefined:
        return undefined;
      case markers.ecmaArray:
        // The count is a hint (§2.10): the end is marked.
        this.#take(4);
        return this.#properties(new EcmaArray(), depth);
      case markers.strictArray: {
        const count = this.#bytes.readUInt32BE(this.#take(4));
        const values: Amf0Value[] = [];
        while (values.length < count) values.push(this.value(depth + 1));
        return values;
      }
      case markers.date: {
        const time = this.#bytes.readDoubleBE(this.#take(8));
        // The zone is reserved (§2.13).
        this.#take(2);
        return new Date(time);
      }
      case markers.longString:
        return this.#string(this.#bytes.readUInt32BE(this.#take(4)));
      default:
        throw unsupportedRefusal(`values of AMF0 with the marker ${marker} are not taken`);
    }
  }

  #properties<Target extends Map<string, Amf0Value>>(target: Target, depth: number): Target {
    for (;;) {
      const name = this.#shortString();
      if (name === "" && this.#bytes[this.#at] === markers.objectEnd) {
        this.#take(1);
        return target;
      }
      target.set(name, this.value(depth + 1));
    }
  }

  #shortString(): string {
    return this.#string(this.#bytes.readUInt16BE(this.#take(2)));
  }

  #string(size: number): string {
    const from = this.#take(size);
    return this.#bytes.toString("utf8", from, from + size);
  }

  #take(count: number): number {
    const from = this.#at;
    if (from + count > this.#bytes.length) throw malformedRefusal("a value of AMF0 is cut off");
    this.#at += count;
    return from;
  }
}

/** Writes values one after another. Names have at most 65,535 bytes. */
export function encodeAmf0(...values: readonly Amf0Value[]): Buffer {
  return Buffer.concat(values.flatMap(partsOf));
}

function partsOf(value: Amf0Value): Buffer[] {
  if (value === null) return [Buffer.from([markers.null])];
  if (value === undefined) return [Buffer.from([markers.undefined])];
  if (typeof value === "number") return [Buffer.from([markers.number]), double(value)];
  if (typeof value === "boolean") return [Buffer.from([markers.boolean, value ? 1 : 0])];
  if (typeof value === "string") return stringParts(value);
  if (value instanceof Date) return [Buffer.from([markers.date]), double(value.getTime()), Buffer.alloc(2)];
  if (value instanceof EcmaArray) return [Buffer.from([markers.ecmaArray]), u32(value.size), ...propertyParts(value)];
  if (isList(value)) return [Buffer.from([markers.strictArray]), u32(value.length), ...value.flatMap(partsOf)];
  return [Buffer.from([markers.object]), ...propertyParts(value)];
}

// `Array.isArray` does not narrow a readonly array.
const isList = (value: Amf0Object | readonly Amf0Value[]): value is readonly Amf0Value[] => Array.isArray(value);

function stringParts(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  if (bytes.length > shortStringBytesMax) return [Buffer.from([markers.longString]), u32(bytes.length), bytes];
  return [Buffer.from([markers.string]), u16(bytes.length), bytes];
}

const propertyParts = (properties: Amf0Object): Buffer[] => [
  ...[...properties].flatMap(([name, value]) => {
    const bytes = Buffer.from(name);
    return [u16(bytes.length), bytes, ...partsOf(value)];
  }),
  Buffer.from([0, 0, markers.objectEnd]),
];

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
