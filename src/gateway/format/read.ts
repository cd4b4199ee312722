import { type Call, type Method, rowsByNumberMax } from "#kernel";
import { InvalidInput, SignInFirst } from "#kernel/errors";
import type { Verb } from "#kernel/contract";
import { BadRequest } from "#kernel/http/errors";
import { bodyBytes } from "#kernel/http/limits";
import type { HttpRequest } from "#kernel/http/port";
import { z } from "zod";
import { isNumbered } from "./lists.ts";
import type { Input, RouteHooks, Steps } from "../pipeline.ts";
import { edgeName, isRecord, spellingOf, unwrap } from "./spelling.ts";

/**
 * The step `read`: path, query and body become the contract's input. A DELETE takes its fields from either. A field of the
 * path or the query wins over one of the body.
 */
export function createInputReader(method: Method, verb: Verb, { input: adjust }: RouteHooks): Steps["read"] {
  const fromText = textReader(method.input);
  const fromJson = jsonReader(method.input);
  const callerFields = Object.entries(method.input.shape)
    .filter(([, field]) => spellingOf(field)?.unit === "me")
    .map(([name]) => name);
  const read = async (request: HttpRequest, call: Call): Promise<Input> => {
    const { params } = request;
    const isBodied = verb !== "GET";
    const inText = verb === "GET" || verb === "DELETE" ? { ...request.query, ...params } : params;
    const input = {
      ...(isBodied && (fromJson(asObject(await request.json(bodyBytesMax(method, call)))) as Input)),
      ...(fromText(inText) as Input),
    };
    for (const name of callerFields) {
      if (input[name] !== "me") continue;
      if (call.userId === undefined) throw SignInFirst({});
      input[name] = call.userId;
    }
    return input;
  };
  if (adjust) return async (request, call) => adjust(await read(request, call), request);
  return isNumbered(method) ? withPageNumbers(read) : read;
}

/** Undefined for the usual size, which signed-in callers have. */
function bodyBytesMax({ rate }: Method, { userId }: Call): number | undefined {
  if (rate === "login") return bodyBytes.signInMax;
  return userId === undefined ? bodyBytes.strangerMax : undefined;
}

/** @throws BadRequest for JSON that is not an object; an absent body is an empty object. */
function asObject(body: unknown): object {
  if (body === undefined) return {};
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw BadRequest({});
  return body;
}

const positive = z.coerce.number().int().min(1);
const PageNumbers = z
  .object({ page: positive.default(1), page_size: positive.default(20).transform((size) => Math.min(size, 100)) })
  .refine(({ page, page_size }) => (page - 1) * page_size < rowsByNumberMax, {
    path: ["page"],
    message: `page numbers reach ${rowsByNumberMax} rows deep, go on with cursor`,
  });

/** Page numbers become a limit and a number of rows to skip; a cursor replaces them. */
function withPageNumbers(read: Steps["read"]): Steps["read"] {
  return async (request, call) => {
    const numbers = PageNumbers.safeParse(request.query);
    if (!numbers.success)
      throw InvalidInput({
        fields: numbers.error.issues.map((i) => ({ field: i.path.join("."), message: i.message })),
      });
    const { page, page_size } = numbers.data;
    const input = await read(request, call);
    const count = input["cursor"] === undefined;
    return { ...input, limit: page_size, skip: count ? (page - 1) * page_size : 0, count, page, page_size };
  };
}

/**
 * From the edge's spelling to the contract's. Never throws: a value that does not convert is passed on unchanged and
 * fails in the one validation.
 */
type Read = (value: unknown) => unknown;
interface Compiled {
  /** Undefined where nothing changes, so that whole branches are skipped. */
  readonly read: Read | undefined;
}
const compiled = new WeakMap<z.core.$ZodType, { json?: Compiled; text?: Compiled }>();

/** Reads values of JSON. Compiled once per schema. */
export const jsonReader = (schema: z.ZodType): Read => compile(schema, false).read ?? readUnchanged;
/** Reads values that all arrive as text: from paths, queries and form fields. Compiled once per schema. */
export const textReader = (schema: z.ZodType): Read => compile(schema, true).read ?? readUnchanged;
const readUnchanged: Read = (value) => value;

function compile(schema: z.core.$ZodType, isText: boolean): Compiled {
  const readers = compiled.get(schema) ?? {};
  compiled.set(schema, readers);
  return (readers[isText ? "text" : "json"] ??= { read: readerOf(schema, isText) });
}

function readerOf(schema: z.core.$ZodType, isText: boolean): Read | undefined {
  const unit = spellingOf(schema)?.unit;
  if (unit === "instant") return readInstant;
  if (unit === "duration") return isText ? (value) => readDuration(readNumber(value)) : readDuration;
  if (unit === "path") return undefined;
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return objectReader(inner, isText);
  if (inner instanceof z.ZodArray) return arrayReader(inner, isText);
  if (isText && (inner instanceof z.ZodNumber || isNumbers(inner))) return readNumber;
  return isText && inner instanceof z.ZodBoolean ? readBoolean : undefined;
}

function objectReader(schema: z.ZodObject, isText: boolean): Read | undefined {
  const fields = Object.entries(schema.shape).map(([name, field]) => ({
    name,
    edge: edgeName(name, field),
    ...compile(field, isText),
  }));
  if (fields.every(({ name, edge, read }) => name === edge && !read)) return undefined;
  return (value) => {
    if (!isRecord(value)) return value;
    const object: Record<string, unknown> = {};
    for (const { name, edge, read } of fields) {
      const field = value[edge];
      if (field !== undefined) object[name] = read ? read(field) : field;
    }
    return object;
  };
}

function arrayReader(schema: z.ZodArray, isText: boolean): Read | undefined {
  const { read } = compile(schema.element, isText);
  const readEach = read && ((value: unknown) => (Array.isArray(value) ? value.map(read) : value));
  if (!isText) return readEach;
  return readEach ? (value) => readEach(readList(value)) : readList;
}

/** True if only some numbers are accepted. */
const isNumbers = (schema: z.core.$ZodType): boolean =>
  schema instanceof z.ZodLiteral && [...schema.values].every((value) => typeof value === "number");

const readNumber: Read = (value) =>
  typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
const readBoolean: Read = (value) => (value === "true" ? true : value === "false" ? false : value);
/** A form's list: repeated fields, or one field with a JSON array, or one value. */
function readList(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (!value.startsWith("[")) return [value];
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return [value];
  }
}
const readInstant: Read = (value) => {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? value : ms;
};
const readDuration: Read = (value) => (typeof value === "number" ? Math.round(value * 1_000) : value);
