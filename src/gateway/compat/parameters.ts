import { TooLarge } from "#kernel/http/errors";
import type { HttpRequest } from "#kernel/http/port";
import type { Fields } from "../uploads/form.ts";
import { isForm } from "../uploads/uploads.ts";

/** What a request of a compatible API says, wherever it says it. */
export type Parameters = Readonly<Record<string, string>>;

/** Of two places, of which `over` wins; the first of several of one name, numbers of JSON as they are written. Pure. */
export function merged(under: Fields, over: Fields): Parameters {
  const all: Record<string, string> = {};
  for (const [name, given] of [...Object.entries(under), ...Object.entries(over)]) {
    const value: unknown = Array.isArray(given) ? given[0] : given;
    if ((typeof value === "string" || typeof value === "number") && name !== "__proto__") all[name] = String(value);
  }
  return all;
}

/** Whether it is a multipart form in earnest: some clients name the type and send the bytes alone. */
export function isWholeForm({ headers }: HttpRequest): boolean {
  const type = headers["content-type"] ?? "";
  return isForm(type) && /;\s*boundary=/i.test(type);
}

export const isUrlencoded = ({ headers }: HttpRequest): boolean =>
  /^application\/x-www-form-urlencoded *(?:;|$)/i.test(headers["content-type"] ?? "");

/** The fields of an urlencoded body, the first of several of one name. @throws TooLarge */
export async function urlencoded(request: HttpRequest, bytesMax: number): Promise<Fields> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(await bodyText(request, bytesMax)))
    if (!fields.has(name)) fields.set(name, value);
  return Object.fromEntries(fields);
}

/** @throws TooLarge */
export async function bodyText(request: HttpRequest, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > bytesMax) throw TooLarge({});
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
