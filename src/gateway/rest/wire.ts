import { edge } from "#kernel";
import { z } from "zod";
import { Whole } from "./whole.ts";

/** Translates one schema's values between the edge's spelling and the contract's. */
export interface Wire {
  /** From the edge to the contract: never throws; what does not convert goes on as it came and fails in the one validation. */
  readonly read: (value: unknown) => unknown;
  /**
   * From the contract to the edge's JSON, in one pass: no renamed copy of every row is made only to be serialised.
   * `base` is the public origin that paths are made absolute with.
   */
  readonly text: (value: unknown, base: string) => string;
}

interface Compiled {
  /** Undefined where nothing changes, so that whole branches are skipped. */
  readonly read: ((value: unknown) => unknown) | undefined;
  readonly text: (value: unknown, base: string) => string;
  /** Of an object, without the braces. */
  readonly fields?: (value: object, base: string) => string;
}

const compiled = new WeakMap<z.core.$ZodType, { json?: Compiled; text?: Compiled }>();

/** The wire of a schema; with `isText` everything arrives as text (path, query, form fields). Compiled once per schema. */
export function wireOf(schema: z.ZodType, isText = false): Wire {
  const { read, text } = compile(schema, isText);
  return { read: (value) => (read ? read(value) : value), text };
}

/** Writes the fields of such an object, without the braces. */
export function fieldsOf(schema: z.ZodObject): (value: object, base: string) => string {
  const { fields = () => "" } = compile(schema, false);
  return fields;
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
  if (unit === "instant") return { read: readInstant, text: instantText };
  if (unit === "duration")
    return { read: isText ? (value) => readDuration(number(value)) : readDuration, text: durationText };
  if (unit === "path") return { read: undefined, text: pathText };
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return buildObject(inner, isText);
  if (inner instanceof z.ZodArray) return buildArray(inner, isText);
  const read =
    isText && inner instanceof z.ZodNumber ? number : isText && inner instanceof z.ZodBoolean ? boolean : undefined;
  return { read, text: json };
}

function buildObject(schema: z.ZodObject, isText: boolean): Compiled {
  const fields = Object.entries(schema.shape).map(([name, field]) => {
    const spelt = edgeName(name, field);
    return { name, spelt, key: `${JSON.stringify(spelt)}:`, ...compile(field, isText) };
  });
  const fieldsIn = (value: object, base: string) => {
    if (value instanceof Whole) return value.text(base);
    let written = "";
    for (const { name, key, text } of fields) {
      const given = (value as Record<string, unknown>)[name];
      if (given === undefined) continue;
      written += (written === "" ? key : `,${key}`) + (given === null ? "null" : text(given, base));
    }
    return written;
  };
  const isSame = fields.every((field) => field.name === field.spelt && !field.read);
  return {
    read: isSame
      ? undefined
      : (value) => {
          if (!isRecord(value)) return value;
          const read: Record<string, unknown> = {};
          for (const field of fields) {
            const given = value[field.spelt];
            if (given !== undefined) read[field.name] = field.read ? field.read(given) : given;
          }
          return read;
        },
    text: (value, base) => (isRecord(value) ? `{${fieldsIn(value, base)}}` : json(value)),
    fields: fieldsIn,
  };
}

function buildArray(schema: z.ZodArray, isText: boolean): Compiled {
  const { read, text } = compile(schema.element, isText);
  const each = read && ((value: unknown) => (Array.isArray(value) ? value.map(read) : value));
  return {
    read: isText ? (value) => (each ? each(list(value)) : list(value)) : each,
    text: (value, base) => {
      if (!Array.isArray(value)) return json(value);
      let written = "";
      for (const item of value) written += (written === "" ? "" : ",") + (item === null ? "null" : text(item, base));
      return `[${written}]`;
    },
  };
}

/** As JSON has it; what JSON has no word for is null. */
const json = (value: unknown): string => {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "string" && plain.test(value)) return `"${value}"`;
  return JSON.stringify(value) ?? "null";
};
/** Text that is its own JSON: printable ASCII without quotation mark and backslash. */
const plain = /^[ !#-[\]-~]*$/;
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
const instantText = (value: unknown): string => (typeof value === "number" ? `"${rfc3339(value)}"` : json(value));
const readDuration = (value: unknown): unknown => (typeof value === "number" ? Math.round(value * 1_000) : value);
const durationText = (value: unknown): string => json(typeof value === "number" ? value / 1_000 : value);
const pathText = (value: unknown, base: string): string =>
  json(typeof value === "string" && value.startsWith("/") ? base + value : value);

const dayMs = 86_400_000;
const two = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, "0"));
let lastDay = Number.NaN;
let lastDate = "";

/** As `Date.prototype.toISOString`, which spends most of a list's time on the date: the rows of a list share few days. */
function rfc3339(ms: number): string {
  const day = Math.floor(ms / dayMs);
  if (day !== lastDay) {
    lastDate = new Date(ms).toISOString().slice(0, -13);
    lastDay = day;
  }
  const rest = ms - day * dayMs;
  const seconds = Math.floor(rest / 1_000);
  const minutes = Math.floor(seconds / 60);
  const fraction = String(rest % 1_000).padStart(3, "0");
  return `${lastDate}${two[Math.floor(minutes / 60)]}:${two[minutes % 60]}:${two[seconds % 60]}.${fraction}Z`;
}
