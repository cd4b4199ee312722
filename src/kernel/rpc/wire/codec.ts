import type { Numbers } from "./lock.ts";
import { Reader, wireTypes, Writer } from "./protobuf.ts";
import type { Field, Message, Scalar } from "./shape.ts";

/** Turns one kind of value into the bytes of a protobuf message and back. */
export interface Codec {
  /** `headroom` bytes are left free in front. @throws NotEncodable when the value is not of its schema's types. */
  encode(value: unknown, headroom?: number): Buffer;
  /** Leaves values beyond their schema's limits to the schema. @throws Malformed when the bytes are no message. */
  decode(bytes: Buffer): object;
}

/** The value does not have the types its schema says; its schema's own words about it are for people. */
export class NotEncodable extends Error {
  constructor(field: string, cause?: unknown) {
    super(`${field} is not what its schema says`, { cause });
    this.name = "NotEncodable";
  }
}

type Bag = Record<string, unknown>;

/** How a message is written, and read into a new value or into one whose first part was read before. */
interface Compiled {
  write(value: unknown): void;
  read(reader: Reader, into?: unknown): object;
}

/** Every message is written by this one: writing never waits. */
const writer = new Writer();

/** Makes codecs. A message is compiled once, for the first value: many methods are never called. */
export function createCodecs(numbers: Numbers): (message: Message) => Codec {
  const compiledMessages = new Map<Message, Compiled>();
  const compile = (message: Message): Compiled => {
    const compiled = compiledMessages.get(message);
    if (compiled) return compiled;
    // The entry is stored before its fields are compiled, so that a message may contain itself.
    const entry: Compiled = { write: missing, read: missing };
    compiledMessages.set(message, entry);
    const parts = message.fields.map((field) => partOf(field, numbers.of(message, field), compile));
    return Object.assign(entry, form(message, parts));
  };
  return (message) => {
    let compiled: Compiled | undefined;
    return {
      encode(value, headroom = 0) {
        compiled ??= compile(message);
        writer.begin(headroom);
        compiled.write(value);
        return writer.end();
      },
      decode(bytes) {
        compiled ??= compile(message);
        return compiled.read(new Reader(bytes));
      },
    };
  };
}

function missing(): never {
  throw new TypeError("a message was used before it was compiled");
}

/** One field: writes its tag and value, where there is one, and reads what is behind its tag. */
interface Part extends Field {
  readonly number: number;
  write(value: unknown): void;
  /** False where the value is written as no value of this field is. */
  read(reader: Reader, wireType: number, into: Bag): boolean;
}

function form(message: Message, parts: readonly Part[]): Compiled {
  if (message.form === "union") return union(message, parts);
  const object = objectOf(message, parts);
  if (message.form === "object") return object;
  // The value is an array, for itself: only so can one be absent.
  return {
    write: (value) => object.write({ items: value }),
    read: (reader, into) => (object.read(reader, into && { items: into }) as { items: object }).items, // Its one field.
  };
}

function objectOf({ name }: Message, parts: readonly Part[]): Compiled {
  const byNumber = partsByNumber(parts);
  const empty: Bag = {};
  for (const part of parts) {
    if (part.isNull) empty[part.key] = null;
    else if (part.label === "required" && typeof part.type === "string") empty[part.key] = scalars[part.type].zero;
  }
  const lists = parts.filter(({ label }) => label === "repeated").map(({ key }) => key);
  return {
    write(value) {
      const bag = bagOf(value, name);
      for (const part of parts) part.write(bag[part.key]);
    },
    read(reader, into) {
      let value = into as Bag | undefined; // The result of an earlier call of this function.
      if (!value) {
        value = { ...empty };
        for (const key of lists) value[key] = [];
      }
      while (!reader.isAtEnd) {
        const tag = reader.tag();
        const isKnown = byNumber[tag >>> 3]?.read(reader, tag & 7, value) ?? false;
        if (!isKnown) reader.skip(tag);
      }
      return value;
    },
  };
}

function union({ name, discriminator = "" }: Message, parts: readonly Part[]): Compiled {
  const byNumber = partsByNumber(parts);
  const byCase = new Map(parts.map((part) => [part.key, part]));
  return {
    write(value) {
      const bag = bagOf(value, name);
      const part = byCase.get(String(bag[discriminator]));
      if (!part) throw new NotEncodable(discriminator);
      part.write(bag);
    },
    read(reader, into) {
      let value = (into ?? {}) as Bag; // The result of an earlier call of this function.
      while (!reader.isAtEnd) {
        const tag = reader.tag();
        const part = byNumber[tag >>> 3];
        // The last case of a union wins; a case that is sent twice is merged into one value.
        const bag: Bag = part && value[discriminator] === part.key ? { [part.key]: value } : {};
        if (part?.read(reader, tag & 7, bag)) value = { ...(bag[part.key] as Bag), [discriminator]: part.key };
        else reader.skip(tag);
      }
      return value;
    },
  };
}

/** Fields at their numbers. Those are given from 1 on, so that the list is short. */
function partsByNumber(parts: readonly Part[]): readonly (Part | undefined)[] {
  const list: (Part | undefined)[] = [];
  for (const part of parts) list[part.number] = part;
  return Array.from(list);
}

interface Value {
  readonly wireType: number;
  /** @throws NotEncodable naming the field `key` */
  write(value: unknown, key: string): void;
  read(reader: Reader, before?: unknown): unknown;
}

function partOf(field: Field, number: number, compile: (message: Message) => Compiled): Part {
  const value = typeof field.type === "string" ? scalars[field.type] : messageValue(compile(field.type));
  const { key, isNull, isNullAsZero = false, label } = field;
  const tag = number * 8 + value.wireType;
  const common = { ...field, number };
  if (label === "repeated") return { ...common, ...repeatedPart(key, number, value) };
  const absent = isNull ? null : undefined;
  const isRequired = label === "required";
  // The default of proto3 need not be sent where absence has no meaning of its own.
  const unsent = isRequired && "zero" in value ? value.zero : absent;
  return {
    ...common,
    write(fieldValue) {
      if (isRequired && fieldValue === absent) throw new NotEncodable(key);
      if (Object.is(fieldValue, unsent)) return;
      writer.uint32(tag);
      value.write(isNullAsZero && fieldValue === null ? 0 : fieldValue, key);
    },
    read(reader, wireType, into) {
      if (wireType !== value.wireType) return false;
      const fieldValue = value.read(reader, into[key]);
      into[key] = isNullAsZero ? fieldValue || null : fieldValue;
      return true;
    },
  };
}

/** A list: numbers lie in one value behind each other, or, as everything else does, each behind a tag of its own. */
function repeatedPart(key: string, number: number, value: Value): Pick<Part, "write" | "read"> {
  const isPacked = value.wireType !== wireTypes.bytes;
  const tag = number * 8 + wireTypes.bytes;
  return {
    write(list) {
      if (list === undefined) return;
      if (!Array.isArray(list)) throw new NotEncodable(key);
      if (list.length === 0) return;
      if (!isPacked) {
        for (const item of list as unknown[]) {
          writer.uint32(tag);
          value.write(item, key);
        }
        return;
      }
      writer.uint32(tag);
      const opened = writer.open();
      for (const item of list as unknown[]) value.write(item, key);
      writer.close(opened);
    },
    read(reader, wireType, into) {
      const list = into[key] as unknown[]; // Every value of a message begins with its lists.
      if (wireType === value.wireType) {
        reader.count();
        list.push(value.read(reader));
        return true;
      }
      if (!isPacked || wireType !== wireTypes.bytes) return false;
      const outer = reader.enter();
      while (!reader.isAtEnd) {
        reader.count();
        list.push(value.read(reader));
      }
      reader.leave(outer);
      return true;
    },
  };
}

const messageValue = (inner: Compiled): Value => ({
  wireType: wireTypes.bytes,
  write(value) {
    const opened = writer.open();
    inner.write(value);
    writer.close(opened);
  },
  read(reader, before) {
    const outer = reader.enter();
    const value = inner.read(reader, before ?? undefined);
    reader.leave(outer);
    return value;
  },
});

interface ScalarValue extends Value {
  /** The default of proto3 for an absent field. */
  readonly zero: unknown;
}
const scalars: Readonly<Record<Scalar, ScalarValue>> = {
  string: {
    wireType: wireTypes.bytes,
    zero: "",
    write(value, key) {
      if (typeof value !== "string") throw new NotEncodable(key);
      writer.string(value);
    },
    read: (reader) => reader.string(),
  },
  bool: {
    wireType: wireTypes.varint,
    zero: false,
    write(value, key) {
      if (typeof value !== "boolean") throw new NotEncodable(key);
      writer.uint32(value ? 1 : 0);
    },
    read: (reader) => reader.bool(),
  },
  double: {
    wireType: wireTypes.fixed64,
    zero: 0,
    write(value, key) {
      if (typeof value !== "number") throw new NotEncodable(key);
      writer.double(value);
    },
    read: (reader) => reader.double(),
  },
  bytes: {
    wireType: wireTypes.bytes,
    zero: new Uint8Array(),
    write(value, key) {
      if (!(value instanceof Uint8Array)) throw new NotEncodable(key);
      writer.bytes(value);
    },
    read: (reader) => reader.bytes(),
  },
  int64: {
    wireType: wireTypes.varint,
    zero: 0,
    write(value, key) {
      if (!Number.isSafeInteger(value)) throw new NotEncodable(key);
      writer.int64(value as number); // As just checked.
    },
    // Beyond 2^53 it is rounded, and then refused by every schema of a whole number.
    read: (reader) => reader.int64(),
  },
};

function bagOf(value: unknown, name: string): Bag {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NotEncodable(name);
  return value as Bag; // An object's properties, each of them unknown.
}
