import { z } from "zod";
import { ComposedRow } from "./composed-row.ts";
import { edgeName, isRecord, spellingOf, unwrap } from "./spelling.ts";

/**
 * Writes a value of the contract as JSON in the edge's spelling, in one pass: no renamed copy of every row is made only to
 * be serialised. `base` is the public origin that makes paths absolute.
 */
export type JsonWriter = (value: unknown, base: string) => string;
type FieldsWriter = (value: object, base: string) => string;

interface Compiled {
  readonly write: JsonWriter;
  /** Writes the fields of an object without the braces. */
  readonly writeFields?: FieldsWriter;
}
const compiled = new WeakMap<z.core.$ZodType, Compiled>();

/** The writer of a schema's values. Compiled once per schema. */
export const jsonWriter = (schema: z.ZodType): JsonWriter => compile(schema).write;
/** Writes the fields of such an object, without the braces. */
export const fieldsWriter = (schema: z.ZodObject): FieldsWriter => compile(schema).writeFields ?? (() => "");

function compile(schema: z.core.$ZodType): Compiled {
  const writer = compiled.get(schema) ?? build(schema);
  compiled.set(schema, writer);
  return writer;
}

function build(schema: z.core.$ZodType): Compiled {
  const unit = spellingOf(schema)?.unit;
  if (unit === "instant") return { write: writeInstant };
  if (unit === "duration") return { write: writeDuration };
  if (unit === "path") return { write: writePath };
  if (unit === "socket") return { write: writeSocket };
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return buildObject(inner);
  return { write: inner instanceof z.ZodArray ? arrayWriter(inner) : writeScalar };
}

function buildObject(schema: z.ZodObject): Compiled {
  const fields = Object.entries(schema.shape).map(([name, field]) => ({
    name,
    key: `${JSON.stringify(edgeName(name, field))}:`,
    write: compile(field).write,
  }));
  const writeFields: FieldsWriter = (value, base) => {
    if (value instanceof ComposedRow) return value.writeFields(base);
    let text = "";
    for (const { name, key, write } of fields) {
      const field = (value as Record<string, unknown>)[name];
      if (field === undefined) continue;
      text += (text === "" ? key : `,${key}`) + (field === null ? "null" : write(field, base));
    }
    return text;
  };
  return {
    write: (value, base) => (isRecord(value) ? `{${writeFields(value, base)}}` : writeScalar(value)),
    writeFields,
  };
}

function arrayWriter(schema: z.ZodArray): JsonWriter {
  const { write } = compile(schema.element);
  return (value, base) => {
    if (!Array.isArray(value)) return writeScalar(value);
    let text = "";
    for (const item of value) text += (text === "" ? "" : ",") + (item === null ? "null" : write(item, base));
    return `[${text}]`;
  };
}

/** As JSON has it; a value that JSON cannot express is null. */
const writeScalar = (value: unknown): string => {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "string" && plain.test(value)) return `"${value}"`;
  return JSON.stringify(value) ?? "null";
};
/** Text that is its own JSON: printable ASCII without quotation mark and backslash. */
const plain = /^[ !#-[\]-~]*$/;
const writeInstant: JsonWriter = (value) => (typeof value === "number" ? `"${rfc3339(value)}"` : writeScalar(value));
const writeDuration: JsonWriter = (value) => writeScalar(typeof value === "number" ? value / 1_000 : value);
const writePath: JsonWriter = (value, base) =>
  writeScalar(typeof value === "string" && value.startsWith("/") ? base + value : value);

const writeSocket: JsonWriter = (value, base) => writePath(value, base.replace(/^http/, "ws"));

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
  const msOfDay = ms - day * dayMs;
  const seconds = Math.floor(msOfDay / 1_000);
  const minutes = Math.floor(seconds / 60);
  const fraction = String(msOfDay % 1_000).padStart(3, "0");
  return `${lastDate}${two[Math.floor(minutes / 60)]}:${two[minutes % 60]}:${two[seconds % 60]}.${fraction}Z`;
}
