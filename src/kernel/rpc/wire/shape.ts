import assert from "node:assert/strict";
import { z } from "zod";
import type { Contract } from "../../contract.ts";

export type Scalar = "string" | "int64" | "double" | "bool" | "bytes";

/** One field of a message, as both the descriptor and the codec need it. */
export interface Field {
  /** The property's name in a value. */
  readonly key: string;
  /** The same in snake_case, for protobuf. */
  readonly name: string;
  readonly type: Scalar | Message;
  readonly label: "required" | "optional" | "repeated";
  /** An absent field is a property with the value null; else it is no property at all. */
  readonly isNull: boolean;
  /** It may be null and may also be left out, which is not the same; null is sent as 0, which it never is. */
  readonly isNullAsZero?: boolean;
}

/** A protobuf message derived from a schema. A list stands where absence and emptiness differ, a union is a `oneof`. */
export interface Message {
  /** Within the package; a dot where it is nested. */
  readonly name: string;
  readonly form: "object" | "list" | "union";
  readonly fields: readonly Field[];
  /** The property that distinguishes the cases of a union. */
  readonly discriminator?: string;
}

export interface MethodShape {
  readonly name: string;
  readonly input: Message;
  readonly output: Message;
}

/** Every message of a contract, each before those it contains, and what its methods take and give. */
export interface Shapes {
  readonly messages: readonly Message[];
  readonly methods: ReadonlyMap<string, MethodShape>;
}

export const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The protobuf messages of a contract's schemas.
 * @throws Error naming the field whose schema has no place there.
 */
export function shapesOf(contract: Contract): Shapes {
  const messages = new Messages(contract.name);
  const methods = Object.entries(contract.methods).map(([name, { input, output }]) => {
    const shape = {
      name: pascal(name),
      input: messages.objectAs(`${pascal(name)}Request`, input),
      output: messages.objectAs(`${pascal(name)}Response`, output),
    };
    return [name, shape] as const;
  });
  return { messages: messages.all(), methods: new Map(methods) };
}

/** The messages of one contract, by name. */
class Messages {
  readonly #contract: string;
  readonly #messages = new Map<string, { readonly message: Message; readonly schema: z.core.$ZodType }>();

  constructor(contract: string) {
    this.#contract = contract;
  }

  all(): Message[] {
    return [...this.#messages.values()].map(({ message }) => message);
  }

  #open(name: string, schema: z.core.$ZodType, form: Message["form"], discriminator?: string) {
    const fields: Field[] = [];
    const message: Message = { name, form, fields, ...(discriminator !== undefined && { discriminator }) };
    assert.ok(!this.#messages.has(name), `${this.#contract}: two messages are called ${name}`);
    this.#messages.set(name, { message, schema });
    return { message, fields };
  }

  objectAs(name: string, schema: z.ZodObject, without?: string): Message {
    const { message, fields } = this.#open(name, schema, "object");
    for (const [key, field] of Object.entries(schema.shape))
      if (key !== without) fields.push(this.#fieldOf(name, key, field));
    return message;
  }

  /** By its own id where it has one, so that it is one message however often it is used; else by where it stands. */
  #objectAt(path: string, schema: z.ZodObject): Message {
    const id = z.globalRegistry.get(schema)?.id;
    if (id === undefined) return this.objectAs(path, schema);
    const existing = this.#messages.get(id);
    assert.ok(!existing || existing.schema === schema, `${this.#contract}: two schemas have the id ${id}`);
    return existing?.message ?? this.objectAs(id, schema);
  }

  #unionAt(path: string, schema: z.core.$ZodDiscriminatedUnion): Message {
    const { discriminator } = schema._zod.def;
    const { message, fields } = this.#open(path, schema, "union", discriminator);
    for (const option of schema._zod.def.options) {
      assert.ok(option instanceof z.ZodObject, `${path}: each case of a union is an object`);
      const key = onlyValue(option.shape[discriminator], path);
      const name = key.replaceAll(/\W/g, "_");
      const type = this.objectAs(`${path}.${pascal(name)}`, option, discriminator);
      fields.push({ key, name: snake(name), type, label: "optional", isNull: false });
    }
    return message;
  }

  #listAt(path: string, schema: z.core.$ZodType, type: Field["type"]): Message {
    const { message, fields } = this.#open(`${path}List`, schema, "list");
    fields.push({ key: "items", name: "items", type, label: "repeated", isNull: false });
    return message;
  }

  /** An array's element is its type; a caller puts it into a field that repeats, or into a list. */
  #typeAt(path: string, schema: z.core.$ZodType): { type: Field["type"]; isArray: boolean } {
    const { inner, isOptional, isNullable } = unwrap(schema, path);
    assert.ok(!isOptional && !isNullable, `${path}: an element is always there`);
    if (inner instanceof z.ZodObject) return { type: this.#objectAt(path, inner), isArray: false };
    if (inner instanceof z.ZodDiscriminatedUnion) return { type: this.#unionAt(path, inner), isArray: false };
    if (inner instanceof z.ZodArray) {
      const element = this.#typeAt(path, inner.element);
      return { type: element.isArray ? this.#listAt(path, inner, element.type) : element.type, isArray: true };
    }
    return { type: scalarOf(inner, path), isArray: false };
  }

  #fieldOf(parent: string, key: string, schema: z.core.$ZodType): Field {
    const path = `${parent}.${pascal(key)}`;
    const { inner, isOptional, isNullable, isEmptyByDefault } = unwrap(schema, path);
    const isNullAsZero = isOptional && isNullable;
    assert.ok(
      !isNullAsZero || isNeverZero(inner),
      `${path}: a field may be left out or be null, not both, but for an integer that is never 0`,
    );
    const { type, isArray } = this.#typeAt(path, inner);
    const may = isOptional || isNullable;
    const common = {
      key,
      name: snake(key),
      isNull: isNullable && !isNullAsZero,
      ...(isNullAsZero && { isNullAsZero }),
    };
    if (!isArray) return { ...common, type, label: may ? "optional" : "required" };
    if (!may || isEmptyByDefault) return { ...common, type, label: "repeated", isNull: false };
    return { ...common, type: this.#listAt(path, inner, type), label: "optional" };
  }
}

interface Peeled {
  readonly inner: z.core.$ZodType;
  readonly isOptional: boolean;
  readonly isNullable: boolean;
  readonly isEmptyByDefault: boolean;
}

/**
 * A schema without the wrappers that say if it may be absent. A transformation counts as its input, because an output
 * has none.
 */
function unwrap(schema: z.core.$ZodType, path: string): Peeled {
  let [inner, isOptional, isNullable, isEmptyByDefault] = [schema, false, false, false];
  for (;;) {
    if (inner instanceof z.ZodOptional) isOptional = true;
    else if (inner instanceof z.ZodNullable) isNullable = true;
    else if (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
      isOptional = true;
      isEmptyByDefault = Array.isArray(inner.def.defaultValue) && inner.def.defaultValue.length === 0;
    } else if (inner instanceof z.ZodPipe) {
      assert.ok(!(inner.def.in instanceof z.ZodTransform), `${path}: what is not a value yet cannot be sent`);
      inner = inner.def.in;
      continue;
    } else if (!(inner instanceof z.ZodReadonly)) return { inner, isOptional, isNullable, isEmptyByDefault };
    inner = inner.def.innerType;
  }
}

/** True for an integer that is never 0, such as an id. */
const isNeverZero = (schema: z.core.$ZodType): boolean =>
  schema instanceof z.ZodNumber && schema.isInt && !schema.safeParse(0).success;

function scalarOf(schema: z.core.$ZodType, path: string): Scalar {
  // By its kind, not its class: `z.email()` is a string and no `ZodString`.
  const { type } = schema._zod.def;
  if (type === "string" || type === "template_literal") return "string";
  if (type === "boolean") return "bool";
  if (schema instanceof z.ZodNumber) return schema.isInt ? "int64" : "double";
  if (schema instanceof z.ZodNumberFormat) return schema.isInt ? "int64" : "double";
  if (schema instanceof z.ZodEnum) return scalarOfValues(schema.options, path);
  if (schema instanceof z.ZodLiteral) return scalarOfValues([...schema.values], path);
  if (schema instanceof z.ZodUnion) {
    const kinds = new Set(schema.options.map((option) => scalarOf(unwrap(option, path).inner, path)));
    const [only] = kinds;
    if (kinds.size === 1 && only) return only;
  }
  if (schema._zod.bag["Class"] === Uint8Array) return "bytes";
  throw new Error(`${path}: a ${type} cannot be sent between services`);
}

function scalarOfValues(values: readonly unknown[], path: string): Scalar {
  const kinds = new Set(values.map((value) => typeof value));
  if (kinds.size === 1 && kinds.has("string")) return "string";
  if (kinds.size === 1 && kinds.has("boolean")) return "bool";
  if (kinds.size === 1 && kinds.has("number")) return values.every(Number.isSafeInteger) ? "int64" : "double";
  throw new Error(`${path}: the values of one field are of one kind`);
}

function onlyValue(schema: z.core.$ZodType | undefined, path: string): string {
  const [value, ...furtherValues] = schema instanceof z.ZodLiteral ? [...schema.values] : [];
  assert.ok(typeof value === "string" && furtherValues.length === 0, `${path}: each case has its own text`);
  return value;
}
