import { InvalidInput } from "#kernel/errors";
import type { HttpRequest } from "#kernel/http/port";
import { z } from "zod";
import { isUrlencoded, isWholeForm, mergeParameters, type Parameters, readUrlencoded } from "../parameters.ts";
import { type Fields, readFields } from "../../uploads/form.ts";
import { listSize } from "./file-item.ts";

const formBytesMax = 64 * 2 ** 10;

/** The parameters of a request; its form wins. @throws TooLarge, InvalidInput */
export const parametersOf = async (request: HttpRequest): Promise<Parameters> =>
  mergeParameters(request.query, await formOf(request));

async function formOf(request: HttpRequest): Promise<Fields> {
  if (request.method === "GET" || request.method === "HEAD") return {};
  if (isWholeForm(request)) return readFields(request);
  return isUrlencoded(request) ? readUrlencoded(request, formBytesMax) : {};
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
/** An empty value counts as absent. */
const unlessEmpty = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema);

export const Account = z.object({ username: z.string(), password: z.string() });
export const Listing = z.object({
  limit: unlessEmpty(whole.default(listSize.usual)),
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
export function parse<S extends z.ZodObject>(schema: S, parameters: Parameters): z.output<S> {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  throw InvalidInput({
    fields: parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message })),
  });
}
