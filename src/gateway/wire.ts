import { edge } from "#kernel";
import { z } from "zod";

/** Translates one schema's values between the edge's spelling and the contract's. */
export interface Wire {
  /** From the edge to the contract: never throws; what does not convert goes on as it came and fails in the one validation. */
  readonly read: (value: unknown) => unknown;
  /** From the contract to the edge. `base` is the public origin that paths are made absolute with. */
  readonly write: (value: unknown, base: string) => unknown;
}

type Convert = (value: unknown, base: string) => unknown;
interface Compiled {
  /** Undefined where nothing changes, so that whole branches are skipped. */
  readonly read: Convert | undefined;
  readonly write: Convert | undefined;
}

const compiled = new WeakMap<z.core.$ZodType, { json?: Compiled; text?: Compiled }>();

/** The wire of a schema; with `isText` everything arrives as text (path, query, form fields). Compiled once per schema. */
export function wireOf(schema: z.ZodType, isText = false): Wire {
  const { read, write } = compile(schema, isText);
  return {
    read: (value) => (read ? read(value, "") : value),
    write: (value, base) => (write ? write(value, base) : value),
  };
}

/** How a field is spelt at the edge: `createdAtMs` is `created_at`, `durationMs` is `duration`. */
export function edgeName(field: string, schema: z.core.$ZodType): string {
  const name = spellingOf(schema)?.name;
  if (name !== undefined) return name;
  return field.replace(/Ms$/, "").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A dotted path of the contract in the edge's spelling, for error messages. */
export function edgePath(schema: z.core.$ZodType, path: string): string {
  const names: string[] = [];
  let at: z.core.$ZodType | undefined = schema;
  for (const part of path.split(".")) {
    const inner: z.core.$ZodType | undefined = at && unwrap(at);
    if (inner instanceof z.ZodObject) {
      const field: z.core.$ZodType | undefined = inner.shape[part];
      names.push(field ? edgeName(part, field) : part);
      at = field;
    } else {
      names.push(part);
      at = inner instanceof z.ZodArray ? inner.element : undefined;
    }
  }
  return names.join(".");
}

/** The spelling noted on a schema or on what it wraps. */
export function spellingOf(schema: z.core.$ZodType) {
  for (let at: z.core.$ZodType | undefined = schema; at; at = wrapped(at)) {
    const found = (edge as z.core.$ZodRegistry<{ name?: string; unit?: string }>).get(at);
    if (found) return found;
  }
  return undefined;
}

const wrapped = (schema: z.core.$ZodType): z.core.$ZodType | undefined => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return schema.def.innerType;
  return schema instanceof z.ZodPipe ? schema.def.in : undefined;
};
const unwrap = (schema: z.core.$ZodType): z.core.$ZodType => {
  const inner = wrapped(schema);
  return inner ? unwrap(inner) : schema;
};

function compile(schema: z.core.$ZodType, isText: boolean): Compiled {
  const known = compiled.get(schema) ?? {};
  compiled.set(schema, known);
  const kind = isText ? "text" : "json";
  known[kind] ??= build(schema, isText);
  return known[kind];
}

function build(schema: z.core.$ZodType, isText: boolean): Compiled {
  const unit = spellingOf(schema)?.unit;
  if (unit === "instant") return { read: readInstant, write: writeInstant };
  if (unit === "duration")
    return { read: isText ? (v) => readDuration(number(v)) : readDuration, write: writeDuration };
  if (unit === "path") return { read: undefined, write: writePath };
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return buildObject(inner, isText);
  if (inner instanceof z.ZodArray) return buildArray(inner, isText);
  if (!isText) return { read: undefined, write: undefined };
  if (inner instanceof z.ZodNumber) return { read: number, write: undefined };
  if (inner instanceof z.ZodBoolean) return { read: boolean, write: undefined };
  return { read: undefined, write: undefined };
}

function buildObject(schema: z.ZodObject, isText: boolean): Compiled {
  const fields = Object.entries(schema.shape).map(([name, field]) => ({
    name,
    spelt: edgeName(name, field),
    ...compile(field, isText),
  }));
  const isPlain = (f: (typeof fields)[number]) => f.name === f.spelt;
  return {
    read: fields.every((f) => isPlain(f) && !f.read)
      ? undefined
      : (value) => {
          if (!isRecord(value)) return value;
          const read: Record<string, unknown> = {};
          for (const f of fields) {
            const given = value[f.spelt];
            if (given !== undefined) read[f.name] = f.read ? f.read(given, "") : given;
          }
          return read;
        },
    write: fields.every((f) => isPlain(f) && !f.write)
      ? undefined
      : (value, base) => {
          if (!isRecord(value)) return value;
          const written: Record<string, unknown> = {};
          for (const f of fields) {
            const given = value[f.name];
            if (given !== undefined) written[f.spelt] = f.write && given !== null ? f.write(given, base) : given;
          }
          return written;
        },
  };
}

function buildArray(schema: z.ZodArray, isText: boolean): Compiled {
  const { read, write } = compile(schema.element, isText);
  const each = read && ((value: unknown) => (Array.isArray(value) ? value.map((item) => read(item, "")) : value));
  return {
    read: isText ? (value) => (each ? each(list(value)) : list(value)) : each,
    write: write && ((value, base) => (Array.isArray(value) ? value.map((item) => write(item, base)) : value)),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const number = (value: unknown): unknown =>
  typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
const boolean = (value: unknown): unknown => (value === "true" ? true : value === "false" ? false : value);
/** A form's list: repeated fields, or one field with a JSON array, or one value. */
function list(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (!value.startsWith("[")) return [value];
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return [value];
  }
}
const readInstant = (value: unknown): unknown => {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? value : ms;
};
const writeInstant = (value: unknown): unknown => (typeof value === "number" ? new Date(value).toISOString() : value);
const readDuration = (value: unknown): unknown => (typeof value === "number" ? Math.round(value * 1_000) : value);
const writeDuration = (value: unknown): unknown => (typeof value === "number" ? value / 1_000 : value);
const writePath: Convert = (value, base) => (typeof value === "string" && value.startsWith("/") ? base + value : value);
