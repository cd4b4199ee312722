import { z } from "zod";

/** A copy of the value as its schema has it, or that it is for zod to say. */
type Read = (value: unknown) => unknown;
const unsure = Symbol("unsure");

const readers = new WeakMap<z.ZodType, Read>();

/**
 * As `schema.safeParse(value)`. What contracts are made of, objects, lists, numbers and text with limits, is read here when
 * it is right: zod makes an object for each check of each value, which was a fifth of all that an answer with a list
 * allocates. Everything else, and all that is wrong, is read by zod.
 */
export function read<T extends z.ZodType>(schema: T, value: unknown): z.ZodSafeParseResult<z.output<T>> {
  const found = readerOf(schema)(value);
  if (found === unsure) return schema.safeParse(value);
  return { success: true, data: found as z.output<T> }; // As the schema has it.
}

function readerOf(schema: z.ZodType): Read {
  const known = readers.get(schema);
  if (known) return known;
  // A schema may contain itself.
  readers.set(schema, (value) => reader(value));
  const reader = build(schema) ?? byZod(schema);
  readers.set(schema, reader);
  return reader;
}

const byZod =
  (schema: z.ZodType): Read =>
  (value) => {
    const read = schema.safeParse(value);
    return read.success ? read.data : unsure;
  };

function build(schema: z.ZodType): Read | undefined {
  const limits = limitsOf(schema);
  if (!limits) return undefined;
  if (schema instanceof z.ZodObject)
    return limits.length === 0 && schema.def.catchall === undefined ? object(schema) : undefined;
  if (schema instanceof z.ZodArray) return array(schema, limits);
  if (schema instanceof z.ZodNullable) return orElse(schema, null);
  // What is inside may have its own idea of what is not there, such as a default.
  if (schema instanceof z.ZodOptional)
    return schema.def.innerType._zod.optin !== undefined ? undefined : orElse(schema, undefined);
  if (schema instanceof z.ZodBoolean) return of((value) => typeof value === "boolean", limits);
  if (schema instanceof z.ZodString) return of((value) => typeof value === "string", limits);
  if (schema instanceof z.ZodNumberFormat) return of(Number.isSafeInteger, limits);
  if (schema instanceof z.ZodNumber) return of(Number.isFinite, limits);
  if (schema instanceof z.ZodEnum) return oneOf(Object.values(schema.def.entries));
  return schema instanceof z.ZodLiteral ? oneOf(schema.def.values) : undefined;
}

type Limit = (value: never) => boolean;
interface Check {
  readonly check: string;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly maximum?: number;
  readonly minimum?: number;
}

/** What its checks ask for; undefined where one of them, or a conversion, is more than a limit. */
function limitsOf(schema: z.ZodType): Limit[] | undefined {
  const { checks = [], coerce, format } = schema.def as z.core.$ZodTypeDef & { coerce?: boolean; format?: string };
  if (coerce === true || (format !== undefined && format !== "safeint")) return undefined;
  const limits = checks.map((one) => limitOf(one._zod.def as Check)); // Those that are not have another name.
  return limits.every((limit) => limit !== undefined) ? limits : undefined;
}

function limitOf({
  check,
  value = Number.NaN,
  inclusive,
  maximum = Number.NaN,
  minimum = Number.NaN,
}: Check): Limit | undefined {
  if (check === "greater_than") return (n: number) => (inclusive === true ? n >= value : n > value);
  if (check === "less_than") return (n: number) => (inclusive === true ? n <= value : n < value);
  if (check === "max_length") return ({ length }: { length: number }) => length <= maximum;
  if (check === "min_length") return (some: string | readonly unknown[]) => some.length >= unitsOf(some, minimum);
  return undefined;
}

/** How long in memory what has so many parts surely is: a character of text takes one unit or two, and zod counts characters. */
const unitsOf = (some: string | readonly unknown[], minimum: number): number =>
  typeof some === "string" && minimum > 1 ? 2 * minimum : minimum;

function of(isRight: (value: unknown) => boolean, limits: readonly Limit[]): Read {
  return (value) => {
    if (!isRight(value)) return unsure;
    for (const isWithin of limits) if (!isWithin(value as never)) return unsure; // Of the type it is a limit of.
    return value;
  };
}

function oneOf(values: readonly unknown[]): Read {
  const all = new Set(values);
  return (value) => (all.has(value) ? value : unsure);
}

function orElse(schema: z.ZodNullable | z.ZodOptional, nothing: null | undefined): Read {
  const inner = readerOf(schema.def.innerType as z.ZodType); // As it was declared.
  return (value) => (value === nothing ? nothing : inner(value));
}

function array(schema: z.ZodArray, limits: readonly Limit[]): Read {
  const element = readerOf(schema.element as z.ZodType); // As it was declared.
  const isList = of(Array.isArray, limits);
  return (value) => {
    if (isList(value) === unsure) return unsure;
    const list: unknown[] = [];
    for (const given of value as unknown[]) {
      const own = element(given); // A list, as just seen.
      if (own === unsure) return unsure;
      list.push(own);
    }
    return list;
  };
}

function object(schema: z.ZodObject): Read {
  const fields = Object.entries(schema.shape).map(([name, field]) => ({
    name,
    isRequired: field._zod.optin === undefined,
    read: readerOf(field as z.ZodType), // As it was declared.
  }));
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return unsure;
    const given = value as Record<string, unknown>; // An object's properties, each of them unknown.
    const found: Record<string, unknown> = {};
    for (const { name, isRequired, read } of fields) {
      const isThere = name in given;
      const own = isRequired && !isThere ? unsure : read(given[name]);
      if (own === unsure) return unsure;
      if (own !== undefined || isThere) found[name] = own;
    }
    return found;
  };
}
