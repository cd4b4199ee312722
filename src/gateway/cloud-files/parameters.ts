import { InvalidInput } from "#kernel/errors";
import { TooLarge } from "#kernel/http/errors";
import type { HttpRequest } from "#kernel/http/port";
import { z } from "zod";
import { type Fields, readFields } from "../uploads/form.ts";
import { isForm } from "../uploads/uploads.ts";
import { listed } from "./listing.ts";

/** What a request of this API says, wherever it says it. */
export type Parameters = Readonly<Record<string, string>>;

const formBytesMax = 64 * 2 ** 10;

/** Of the query and of a form, which wins; the first of several of one name. */
export function merged(query: Fields, form: Fields): Parameters {
  const all: Record<string, string> = {};
  for (const [name, given] of [...Object.entries(query), ...Object.entries(form)]) {
    const value: unknown = Array.isArray(given) ? given[0] : given;
    if (typeof value === "string" && name !== "__proto__") all[name] = value;
  }
  return all;
}

/** Whether it is a form in earnest: some clients name the type and send the bytes alone. */
export const isWholeForm = ({ headers }: HttpRequest): boolean => {
  const type = headers["content-type"] ?? "";
  return isForm(type) && /;\s*boundary=/i.test(type);
};

/** @throws TooLarge, InvalidInput */
export async function parametersOf(request: HttpRequest): Promise<Parameters> {
  if (request.method === "GET" || request.method === "HEAD") return merged(request.query, {});
  if (isWholeForm(request)) return merged(request.query, await readFields(request));
  if (!/^application\/x-www-form-urlencoded *(?:;|$)/i.test(request.headers["content-type"] ?? ""))
    return merged(request.query, {});
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > formBytesMax) throw TooLarge({});
    chunks.push(chunk);
  }
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(Buffer.concat(chunks).toString()))
    if (!form.has(name)) form.set(name, value);
  return merged(request.query, Object.fromEntries(form));
}

const whole = z
  .string()
  .regex(/^\d{1,15}$/, "not a whole number")
  .transform(Number);
export const sha1 = z
  .string()
  .regex(/^[0-9a-f]{40}$/i, "not a SHA-1 in hexadecimal")
  .toLowerCase();
/** A name without the folders a client may send with it. */
export const fileName = z
  .string()
  .transform((name) => name.split(/[/\\]/).at(-1)?.trim() ?? "")
  .pipe(z.string().min(1).max(1_000));
/** What is sent empty is not sent. */
const unlessEmpty = <S extends z.ZodType>(schema: S) =>
  z.preprocess((given) => (given === "" ? undefined : given), schema);

export const Account = z.object({ username: z.string(), password: z.string() });
export const Listing = z.object({
  limit: unlessEmpty(whole.default(listed.usual)),
  offset: unlessEmpty(whole.default(0)),
});
export const Update = z.object({ op: z.string() });
export const Renaming = z.object({ filehash: sha1, filename: fileName });
export const OnlyHash = z.object({ filehash: sha1 });
export const MaybeHash = z.object({ filehash: unlessEmpty(sha1.optional()) });
export const Fast = z.object({ filehash: sha1, filename: fileName, filesize: whole });
export const Begin = z.object({ filehash: sha1, filesize: whole, filename: unlessEmpty(fileName.optional()) });
const uploadid = z
  .string()
  .regex(/^[1-9]\d{0,15}$/)
  .transform(Number)
  .catch(0);
export const Part = z.object({
  uploadid,
  index: whole.pipe(z.int().positive().max(100_000)),
  chkhash: unlessEmpty(sha1.optional()),
});
export const Complete = z.object({
  uploadid,
  filehash: sha1,
  filesize: whole,
  filename: unlessEmpty(fileName.optional()),
});

/** @throws InvalidInput naming the parameters */
export function read<S extends z.ZodObject>(schema: S, given: Parameters): z.output<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw InvalidInput({
    fields: parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message })),
  });
}
