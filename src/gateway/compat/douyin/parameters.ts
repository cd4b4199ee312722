import { InvalidInput } from "#kernel/errors";
import { parseJson } from "#kernel/http/json";
import type { HttpRequest } from "#kernel/http/port";
import { isLonger } from "#kernel/text";
import { isUrlencoded, isWholeForm, mergeParameters, type Parameters, readUrlencoded } from "../parameters.ts";
import { type Fields, readFields } from "../../uploads/form.ts";

const bodyBytesMax = 2 ** 20;

/**
 * The parameters of a request; the query wins. Clients send a form body on GET too, which is read there as on POST. A body
 * of GET that cannot be read is ignored.
 * @throws TooLarge, TooSlow, InvalidInput
 */
export async function parametersOf(request: HttpRequest): Promise<Parameters> {
  const body = await bodyOf(request).catch((error: unknown): Fields => {
    if (request.method !== "GET") throw error;
    return {};
  });
  return mergeParameters(body, request.query);
}

async function bodyOf(request: HttpRequest): Promise<Fields> {
  if (isWholeForm(request)) return readFields(request);
  if (isUrlencoded(request)) return readUrlencoded(request, bodyBytesMax);
  if (/^application\/json *(?:;|$)/i.test(request.headers["content-type"] ?? ""))
    return fromJson(await request.text(bodyBytesMax));
  // A body of any other type is ignored.
  return {};
}

function fromJson(text: string): Fields {
  try {
    const body = parseJson(text);
    return typeof body === "object" && body !== null ? (body as Fields) : {};
  } catch (error) {
    throw invalid("body", "not JSON", error);
  }
}

const invalid = (field: string, message: string, cause?: unknown) =>
  InvalidInput({ fields: [{ field, message }] }, cause);

/**
 * A whole number, also in the exponent form in which some clients print ids (`1.234567e+06`); undefined for any other text
 * and beyond 2^53. Pure.
 */
export function wholeNumber(text: string): number | undefined {
  // A plus sign that was not encoded arrives in a query as a space.
  const [whole, digits = "", fraction = "", power = "0"] =
    /^(\d{1,16})(?:(?:\.(\d{1,20}))?e[+ ]?(\d{1,2}))?$/i.exec(text) ?? [];
  // A fraction must not become a whole number by rounding.
  if (whole === undefined || fraction.replace(/0+$/, "").length > Number(power)) return undefined;
  const number = Number(fraction === "" && power === "0" ? digits : `${digits}.${fraction || "0"}e${power}`);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** An id. @throws InvalidInput */
export function idIn(parameters: Parameters, name: string): number {
  const id = wholeNumber(parameters[name] ?? "");
  if (id === undefined) throw invalid(name, "not an id");
  return id;
}

/** An id; undefined where it is missing, empty or 0. @throws InvalidInput */
export const optionalIdIn = (parameters: Parameters, name: string): number | undefined =>
  parameters[name] === undefined || parameters[name] === "" || parameters[name] === "0"
    ? undefined
    : idIn(parameters, name);

/** The direction of an action: it is done or undone. @throws InvalidInput */
export function actionIn(parameters: Parameters): "do" | "undo" {
  const kind = wholeNumber(parameters["action_type"] ?? "");
  if (kind === 1) return "do";
  if (kind === 2) return "undo";
  throw invalid("action_type", "1 or 2");
}

/** Text of 1 to `max` characters after trimming. @throws InvalidInput */
export const textIn = (parameters: Parameters, name: string, max: number): string =>
  boundedText((parameters[name] ?? "").trim(), name, max);

/** Text of 1 to `max` characters, untrimmed and not blank. @throws InvalidInput */
export const verbatimIn = (parameters: Parameters, name: string, max: number): string =>
  boundedText(parameters[name] ?? "", name, max);

function boundedText(text: string, name: string, max: number): string {
  if (text.trim() === "" || isLonger(text, max)) throw invalid(name, `1 to ${max} characters`);
  return text;
}

/** Clients send seconds or milliseconds. */
const secondsBelow = 1e11;

/** An instant in milliseconds; undefined where it is missing or unreadable. Pure. */
export function instantIn(text: string | undefined): number | undefined {
  const number = wholeNumber(text ?? "");
  if (number === undefined || number === 0) return undefined;
  return number < secondsBelow ? number * 1_000 : number;
}

/** An instant in milliseconds; 0 where it is missing or empty. @throws InvalidInput */
export function optionalInstantIn(parameters: Parameters, name: string): number {
  const text = parameters[name] ?? "";
  if (text !== "" && wholeNumber(text) === undefined) throw invalid(name, "not an instant");
  return instantIn(text) ?? 0;
}
