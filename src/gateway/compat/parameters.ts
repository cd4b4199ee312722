import type { HttpRequest } from "#kernel/http/port";
import type { Fields } from "../uploads/form.ts";
import { isForm } from "../uploads/uploads.ts";

/** The parameters of a request of a compatible API, from its query or its form. */
export type Parameters = Readonly<Record<string, string>>;

/** Merges parameters of two places, of which `over` wins. The first of several of one name counts. Pure. */
export function mergeParameters(under: Fields, over: Fields): Parameters {
  const all: Record<string, string> = {};
  for (const [name, field] of [...Object.entries(under), ...Object.entries(over)]) {
    const value: unknown = Array.isArray(field) ? field[0] : field;
    if ((typeof value === "string" || typeof value === "number") && name !== "__proto__") all[name] = String(value);
  }
  return all;
}

/** True if the body is a multipart form. Some clients name that type and send the bytes alone. */
export function isWholeForm({ headers }: HttpRequest): boolean {
  const type = headers["content-type"] ?? "";
  return isForm(type) && /;\s*boundary=/i.test(type);
}

export const isUrlencoded = ({ headers }: HttpRequest): boolean =>
  /^application\/x-www-form-urlencoded *(?:;|$)/i.test(headers["content-type"] ?? "");

/** The fields of an urlencoded body, the first of several of one name. @throws TooLarge, TooSlow */
export async function readUrlencoded(request: HttpRequest, bytesMax: number): Promise<Fields> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(await request.text(bytesMax)))
    if (!fields.has(name)) fields.set(name, value);
  return Object.fromEntries(fields);
}
