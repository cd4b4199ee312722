import { InvalidInput } from "#kernel/errors";
import type { HttpRequest } from "#kernel/http/port";
import { isLonger } from "#kernel/text";
import { bodyText, isUrlencoded, isWholeForm, merged, type Parameters, urlencoded } from "../parameters.ts";
import { type Fields, readFields } from "../../uploads/form.ts";

const bodyBytesMax = 2 ** 20;

/**
 * What a request says; the query wins. Clients send a form body on GET too, which is read there as on POST, but where it
 * cannot be, it is as if it were not there.
 * @throws TooLarge, InvalidInput
 */
export async function parametersOf(request: HttpRequest): Promise<Parameters> {
  const body = await bodyOf(request).catch((error: unknown): Fields => {
    if (request.method !== "GET") throw error;
    return {};
  });
  return merged(body, request.query);
}

async function bodyOf(request: HttpRequest): Promise<Fields> {
  if (isWholeForm(request)) return readFields(request);
  if (isUrlencoded(request)) return urlencoded(request, bodyBytesMax);
  if (/^application\/json *(?:;|$)/i.test(request.headers["content-type"] ?? ""))
    return fromJson(await bodyText(request, bodyBytesMax));
  // What comes as something else is read by nobody, as if it were not there.
  return {};
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

const bad = (field: string, message: string, cause?: unknown) => InvalidInput({ fields: [{ field, message }] }, cause);

/**
 * A whole number, also in the exponent form in which some clients print ids (`1.234567e+06`); undefined where it is neither
 * or beyond 2^53. Pure.
 */
export function wholeNumber(text: string): number | undefined {
  // A plus sign that was not encoded arrives in a query as a space.
  const [whole, digits = "", fraction = "", power = "0"] =
    /^(\d{1,16})(?:(?:\.(\d{1,20}))?e[+ ]?(\d{1,2}))?$/i.exec(text) ?? [];
  // What is not exact must not become so by rounding.
  if (whole === undefined || fraction.replace(/0+$/, "").length > Number(power)) return undefined;
  const number = Number(fraction === "" && power === "0" ? digits : `${digits}.${fraction || "0"}e${power}`);
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
export const textIn = (given: Parameters, name: string, max: number): string =>
  said((given[name] ?? "").trim(), name, max);

/** Text of 1 to `max` characters, not of blanks alone, as it was sent. @throws InvalidInput */
export const verbatimIn = (given: Parameters, name: string, max: number): string => said(given[name] ?? "", name, max);

function said(text: string, name: string, max: number): string {
  if (text.trim() === "" || isLonger(text, max)) throw bad(name, `1 to ${max} characters`);
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

/** An instant in milliseconds; 0 where none or nothing is sent. @throws InvalidInput */
export function maybeInstantIn(given: Parameters, name: string): number {
  const text = given[name] ?? "";
  if (text !== "" && wholeNumber(text) === undefined) throw bad(name, "not an instant");
  return instantIn(text) ?? 0;
}
