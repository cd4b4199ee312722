import { InvalidInput } from "#kernel/errors";
import type { ContentHash } from "#services/upload/contract";
import { z } from "zod";

/** The hash that names a content: an MD5 or a SHA-256, by its length. */
export const FileHash = z
  .string()
  .regex(/^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i, "not an MD5 or SHA-256 in hexadecimal")
  .toLowerCase();

/** A name without the folders a client may send with it. */
const FileName = z
  .string()
  .transform((name) => name.split(/[/\\]/).at(-1) ?? "")
  .pipe(z.string().min(1).max(255));
/** The JSON bodies of this API are a few names and numbers. */
export const bodyBytesMax = 16 * 1_024;
const count = z.int().nonnegative().max(Number.MAX_SAFE_INTEGER);

export const Credentials = z.object({ username: z.string(), password: z.string() });
export const Init = z.object({
  file_hash: FileHash,
  filename: FileName,
  file_size: count.optional(),
  total_chunks: count.optional(),
  width: count.optional(),
  height: count.optional(),
  request_id: z.union([z.string().max(200), count]).optional(),
});
export const Merge = z.object({
  file_hash: FileHash,
  filename: FileName,
  total_chunks: z.int().positive().max(100_000),
});
export const OnlyHash = z.object({ file_hash: FileHash });
export const Part = z.object({
  file_hash: FileHash,
  index: z
    .string()
    .regex(/^\d{1,5}$/, "not the index of a chunk")
    .transform(Number),
  chunk_hash: z.preprocess((hash) => (hash === "" ? undefined : hash), FileHash.optional()),
});
export const Transcode = z.object({
  file_hash: FileHash,
  resolutions: z
    .array(z.enum(["2160p", "1440p", "1080p", "720p", "480p", "360p", "240p"]))
    .min(1)
    .max(7),
});
const position = z
  .string()
  .regex(/^\d{1,15}$/, "not a position in the file")
  .optional();
export const Download = z.object({ file_hash: FileHash, start: position, end: position });

/** @throws InvalidInput naming the fields. Unknown fields are ignored. */
export function parse<S extends z.ZodObject>(schema: S, fields: unknown): z.output<S> {
  const parsed = schema.safeParse(fields ?? {});
  if (parsed.success) return parsed.data;
  throw InvalidInput({
    fields: parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message })),
  });
}

/** The content a hash of this API names. */
export const contentOf = (hex: string): ContentHash => ({ kind: hex.length === 32 ? "md5" : "sha256", hex });
