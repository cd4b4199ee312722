import { create, type DescMessage, type Message as ProtoMessage } from "@bufbuild/protobuf";
import type { Field, Message, Scalar } from "./shape.ts";

/** Turns one kind of value into a protobuf message and back. */
export interface Codec {
  /** @throws NotEncodable when the value is not of its schema's types. */
  encode(value: unknown): ProtoMessage;
  /** Never throws; what is out of its schema's limits is left to the schema. */
  decode(message: ProtoMessage): object;
}

/** The value does not have the types its schema says; its schema's own words about it are for people. */
export class NotEncodable extends Error {
  constructor(field: string, cause?: unknown) {
    super(`${field} is not what its schema says`, { cause });
    this.name = "NotEncodable";
  }
}

type Bag = Record<string, unknown>;
/** A message as this library keeps it: a plain object with the fields' local names. */
const bagOf = (message: ProtoMessage): Bag => message;

/** Compiles codecs, once per message. */
export function codecs(descOf: (message: Message) => DescMessage): (message: Message) => Codec {
  const made = new Map<Message, Codec>();
  const codecOf = (message: Message): Codec => {
    const known = made.get(message);
    if (known) return known;
    let built: Codec | undefined;
    // Compiled at its first use, so that a message may contain itself.
    const codec: Codec = {
      encode: (value) => (built ??= build(message, descOf(message), codecOf)).encode(value),
      decode: (value) => (built ??= build(message, descOf(message), codecOf)).decode(value),
    };
    made.set(message, codec);
    return codec;
  };
  return codecOf;
}

interface Part extends Field {
  /** The property of the message. */
  readonly local: string;
  readonly put: (value: unknown) => unknown;
  readonly take: (value: unknown) => unknown;
}

function build(message: Message, desc: DescMessage, codecOf: (message: Message) => Codec): Codec {
  const parts = message.fields.map((field): Part => {
    const [local = field.name] = desc.fields
      .filter(({ name }) => name === field.name)
      .map(({ localName }) => localName);
    return { ...field, local, ...valueOf(field, codecOf) };
  });
  if (message.form === "list") return listCodec(desc, parts);
  if (message.form === "union") return unionCodec(desc, parts, message.discriminator ?? "");
  return objectCodec(desc, parts);
}

function objectCodec(desc: DescMessage, parts: readonly Part[]): Codec {
  return {
    encode(value) {
      const message = create(desc);
      const given = objectOf(value, desc.name);
      for (const { key, local, label, isNull, put } of parts) {
        const own = given[key];
        const isAbsent = isNull ? own === null : own === undefined;
        if (!isAbsent) bagOf(message)[local] = put(own);
        else if (label === "required") throw new NotEncodable(key);
      }
      return message;
    },
    decode(message) {
      const value: Bag = {};
      for (const { key, local, isNull, take } of parts) {
        const own = bagOf(message)[local];
        if (own !== undefined) value[key] = take(own);
        else if (isNull) value[key] = null;
      }
      return value;
    },
  };
}

/** The value is an array, for itself: only so can one be absent. */
function listCodec(desc: DescMessage, [items]: readonly Part[]): Codec {
  return {
    encode: (value) => Object.assign(create(desc), { items: items?.put(value) }),
    decode: (message) => items?.take(bagOf(message)["items"]) as object, // A repeated field is an array.
  };
}

function unionCodec(desc: DescMessage, parts: readonly Part[], discriminator: string): Codec {
  const local = desc.oneofs[0]?.localName ?? "";
  return {
    encode(value) {
      const given = objectOf(value, desc.name);
      const part = parts.find(({ key }) => key === given[discriminator]);
      if (!part) throw new NotEncodable(discriminator);
      return Object.assign(create(desc), { [local]: { case: part.local, value: part.put(given) } });
    },
    decode(message) {
      // A `oneof` is kept as its case and the value of it.
      const told = bagOf(message)[local] as { case?: string; value?: unknown };
      const part = parts.find((p) => p.local === told.case);
      return part ? { [discriminator]: part.key, ...(part.take(told.value) as object) } : {};
    },
  };
}

function valueOf(field: Field, codecOf: (message: Message) => Codec): Pick<Part, "put" | "take"> {
  const one = typeof field.type === "string" ? scalars[field.type] : messageValue(codecOf(field.type));
  if (field.isNullAsZero)
    return {
      put: (value) => one.put(value === null ? 0 : value, field.key),
      take: (value) => one.take(value) || null,
    };
  if (field.label !== "repeated") return { put: (value) => one.put(value, field.key), take: one.take };
  return {
    put: (value) => {
      if (!Array.isArray(value)) throw new NotEncodable(field.key);
      return value.map((item) => one.put(item, field.key));
    },
    take: (value) => (value as unknown[]).map(one.take), // A repeated field is an array.
  };
}

interface Conversion {
  readonly put: (value: unknown, key: string) => unknown;
  readonly take: (value: unknown) => unknown;
}
const messageValue = (codec: Codec): Conversion => ({
  put: (value) => codec.encode(value),
  take: (value) => codec.decode(value as ProtoMessage), // The descriptor says that this field is a message.
});
const ofType = (isRight: (value: unknown) => boolean): Conversion => ({
  put(value, key) {
    if (!isRight(value)) throw new NotEncodable(key);
    return value;
  },
  take: (value) => value,
});
const scalars: Readonly<Record<Scalar, Conversion>> = {
  string: ofType((value) => typeof value === "string"),
  bool: ofType((value) => typeof value === "boolean"),
  double: ofType((value) => typeof value === "number"),
  bytes: ofType((value) => value instanceof Uint8Array),
  int64: {
    put(value, key) {
      if (!Number.isSafeInteger(value)) throw new NotEncodable(key);
      return BigInt(value as number); // As just checked.
    },
    // Beyond 2^53 it is rounded, and then refused by every schema of a whole number.
    take: Number,
  },
};

function objectOf(value: unknown, name: string): Bag {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NotEncodable(name);
  return value as Bag; // An object's properties, each of them unknown.
}
