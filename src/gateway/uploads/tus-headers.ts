import { createHash } from "node:crypto";
import { Conflict, Purpose } from "#events/upload";
import { failure } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import type { HttpRequest } from "#kernel/http/port";
import type { Checksum } from "./piece-stream.ts";

/** tus 1.0.0, as https://tus.io/protocols/resumable-upload has it. */
export const tusVersion = "1.0.0";
export const tusExtensions =
  "creation,creation-with-upload,creation-defer-length,termination,checksum,concatenation,expiration";
export const checksumAlgorithms = ["sha256", "sha1", "md5"] as const;

export const ChecksumMismatch = failure(
  "invalid",
  "tus.checksum_mismatch",
  "the bytes are not those the checksum names",
  undefined,
  460,
);

const wrong = (field: string, message: string) => InvalidInput({ fields: [{ field, message }] });

/** The first value of a header. */
export function headerOf({ headers }: HttpRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** A header that is a length or an offset. @throws InvalidInput */
export function numberIn(header: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw wrong(header, "not a number of bytes");
  return number;
}

/** Keys and base64 values, with commas. @throws InvalidInput */
export function metadataIn(text: string | undefined): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  for (const pair of (text ?? "").split(",").filter((pair) => pair.trim() !== "")) {
    const [key = "", value = "", ...more] = pair.trim().split(" ");
    const isGood = /^[\x21-\x2b\x2d-\x7e]{1,100}$/.test(key) && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
    if (!isGood || more.length > 0 || metadata.has(key))
      throw wrong("Upload-Metadata", "not a list of keys and base64 values");
    metadata.set(key, Buffer.from(value, "base64").toString("utf8"));
  }
  return metadata;
}

/** The folder and name of a finished file, as far as the client gives them. @throws InvalidInput */
export function destinationIn(metadata: ReadonlyMap<string, string>) {
  const purpose = Purpose.optional().safeParse(metadata.get("purpose"));
  const conflict = Conflict.optional().safeParse(metadata.get("conflict"));
  const folderId = numberIn("folder_id", metadata.get("folder_id") ?? metadata.get("folderId"));
  if (!purpose.success) throw wrong("purpose", "not what a file can be for");
  if (!conflict.success) throw wrong("conflict", "not a way to end a conflict");
  return {
    name: (metadata.get("filename") ?? metadata.get("name") ?? "").slice(0, 1_000).toWellFormed().replaceAll("\0", ""),
    ...(purpose.data && { purpose: purpose.data }),
    ...(conflict.data && { conflict: conflict.data }),
    ...(folderId !== undefined && { folderId }),
  };
}

export type Concat = { readonly kind: "partial" } | { readonly kind: "final"; readonly ids: readonly number[] };

/**
 * The role of the upload in a concatenation: `partial`, or `final;` and the addresses of its parts. @throws
 * InvalidInput
 */
export function concatIn(text: string | undefined): Concat | undefined {
  if (text === undefined) return undefined;
  if (text === "partial") return { kind: "partial" };
  const [, list] = /^final;(.+)$/.exec(text) ?? [];
  const ids = (list ?? "")
    .trim()
    .split(/ +/)
    .map((address) => Number(/\/(\d{1,16})$/.exec(address)?.[1] ?? Number.NaN));
  if (list === undefined || ids.length > 1_000 || !ids.every(Number.isSafeInteger))
    throw wrong("Upload-Concat", "not partial, and not final with the addresses of its parts");
  return { kind: "final", ids };
}

/** The check of one request's bytes. @throws InvalidInput for an algorithm that is not taken */
export function checksumIn(text: string | undefined): Checksum | undefined {
  if (text === undefined) return undefined;
  const [name = "", value = ""] = text.split(" ");
  const algorithm = checksumAlgorithms.find((supported) => supported === name);
  const expected = Buffer.from(value, "base64");
  if (!algorithm || expected.byteLength === 0)
    throw wrong("Upload-Checksum", "not a known algorithm and a base64 value");
  const hash = createHash(algorithm);
  return {
    update: (bytes) => void hash.update(bytes),
    verify() {
      if (!hash.digest().equals(expected)) throw ChecksumMismatch({});
    },
  };
}
