import { InvalidInput } from "#kernel/errors";
import { TooLarge } from "#kernel/http/errors";
import type { HttpRequest } from "#kernel/http/port";
import { type Fields, readFields } from "../uploads/form.ts";
import { isForm } from "../uploads/uploads.ts";

/** What a request says, wherever it says it; the query wins. */
export type Parameters = Readonly<Record<string, string>>;

const bodyBytesMax = 2 ** 20;

/** Of the query and a body. The first of several of one name; numbers of JSON as they are written there. */
export function merged(query: Fields, body: Fields): Parameters {
  const all: Record<string, string> = {};
  for (const [name, given] of [...Object.entries(body), ...Object.entries(query)]) {
    const value: unknown = Array.isArray(given) ? given[0] : given;
    if ((typeof value === "string" || typeof value === "number") && name !== "__proto__") all[name] = String(value);
  }
  return all;
}

/** Of any request: clients send a form body on GET too, which is read there as on POST. @throws TooLarge, InvalidInput */
export async function parametersOf(request: HttpRequest): Promise<Parameters> {
  const type = request.headers["content-type"] ?? "";
  if (isForm(type) && /;\s*boundary=/i.test(type)) return merged(request.query, await readFields(request));
  const isJson = /^application\/json *(?:;|$)/i.test(type);
  // What comes as something else is read by nobody, as if it were not there.
  if (!isJson && !/^application\/x-www-form-urlencoded *(?:;|$)/i.test(type)) return merged(request.query, {});
  const text = (await bodyOf(request)).toString();
  if (isJson) return merged(request.query, fromJson(text));
  return merged(request.query, Object.fromEntries(first(new URLSearchParams(text))));
}

function first(given: URLSearchParams): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of given) if (!all.has(name)) all.set(name, value);
  return all;
}

function fromJson(text: string): Fields {
  if (text.trim() === "") return {};
  try {
    const given: unknown = JSON.parse(text);
    return typeof given === "object" && given !== null ? (given as Fields) : {};
  } catch (error) {
    throw bad("body", "not JSON", error);
  }
}

async function bodyOf(request: HttpRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > bodyBytesMax) throw TooLarge({});
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const bad = (field: string, message: string, cause?: unknown) => InvalidInput({ fields: [{ field, message }] }, cause);

/**
 * A whole number, also in the exponent form in which some clients print ids (`1.234567e+06`); undefined where it is neither
 * or beyond 2^53. Pure.
 */
export function wholeNumber(text: string): number | undefined {
  if (!/^\d{1,16}$|^\d(?:\.\d{1,20})?e\+?\d{1,2}$/i.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** An id. @throws InvalidInput */
export function idIn(given: Parameters, name: string): number {
  const id = wholeNumber(given[name] ?? "");
  if (id === undefined) throw bad(name, "not an id");
  return id;
}

/** An id, or undefined where none or nothing is sent; 0 says nobody too. @throws InvalidInput */
export const maybeIdIn = (given: Parameters, name: string): number | undefined =>
  given[name] === undefined || given[name] === "" || given[name] === "0" ? undefined : idIn(given, name);

/** Which of the two an action is. @throws InvalidInput */
export function actionIn(given: Parameters): "do" | "undo" {
  const kind = wholeNumber(given["action_type"] ?? "");
  if (kind === 1) return "do";
  if (kind === 2) return "undo";
  throw bad("action_type", "1 or 2");
}

/** Text of 1 to `max` characters after trimming. @throws InvalidInput */
export function textIn(given: Parameters, name: string, max: number): string {
  const text = (given[name] ?? "").trim();
  if (text === "" || text.length > max) throw bad(name, `1 to ${max} characters`);
  return text;
}

/** Clients send seconds or milliseconds. */
const secondsBelow = 1e11;

/** An instant in milliseconds; undefined where there is none or it cannot be read. Pure. */
export function instantIn(text: string | undefined): number | undefined {
  const number = wholeNumber(text ?? "");
  if (number === undefined || number === 0) return undefined;
  return number < secondsBelow ? number * 1_000 : number;
}
