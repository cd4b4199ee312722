import { command, contract, event, failure, Id, Instant, query } from "#kernel";
import { z } from "zod";

export const UploadTooLarge = failure(
  "invalid",
  "upload.too_large",
  "the file is larger than this instance takes",
  z.object({ bytesMax: z.int() }),
  413,
);
export const QuotaExceeded = failure(
  "invalid",
  "upload.quota_exceeded",
  "there is not enough space left in this account",
  z.object({ bytesLeft: z.int() }),
  413,
);
export const UploadInterrupted = failure("invalid", "upload.interrupted", "the upload ended before the file did");
export const UploadNotFound = failure("not_found", "upload.not_found", "no such upload");
export const FileNotFound = failure("not_found", "upload.file_not_found", "no such file");

/** A stored file of somebody's. `key` names its bytes in the blob store. */
export const StoredFile = z.object({
  id: Id,
  userId: Id,
  key: z.string(),
  sha256: z.string(),
  sizeBytes: z.int(),
  name: z.string(),
  mime: z.string(),
  kind: z.enum(["video", "audio", "image", "other"]),
  createdAtMs: Instant,
});
export type StoredFile = z.infer<typeof StoredFile>;

/** The bookkeeping of uploads. The bytes stream from the gateway to the blob store beside it, hashed on the way. */
export const upload = contract("upload", 1, {
  /**
   * Opens an upload for the calling user and reserves its space: the announced size, else what one file may take of
   * what is left. For our own services: who could call it directly could name bytes that are not theirs.
   */
  begin: command({
    auth: "service",
    rate: "upload",
    input: z.object({
      name: z.string().max(1_000),
      /** As the client announced it; at most this much is taken. */
      sizeBytes: z.int().nonnegative().optional(),
    }),
    output: z.object({ id: Id, bytesMax: z.int() }),
    errors: [UploadTooLarge, QuotaExceeded],
  }),
  /**
   * The bytes are durable in the blob store: makes the file and settles the reservation. An upload that was given up or
   * released meanwhile is taken as long as there is still space for it.
   */
  complete: command({
    auth: "service",
    rate: "upload",
    idempotent: true,
    input: z.object({
      id: Id,
      key: z.string().max(100),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      sizeBytes: z.int().positive(),
      mime: z.string().max(100),
      kind: z.enum(["video", "audio", "image", "other"]),
    }),
    output: StoredFile,
    errors: [UploadNotFound, UploadTooLarge, UploadInterrupted, QuotaExceeded],
  }),
  /** Gives the reservation back; the bytes that came are dropped by whoever took them. */
  abandon: command({
    auth: "service",
    rate: "upload",
    idempotent: true,
    input: z.object({ id: Id }),
    output: z.object({}),
  }),
  /** A file by its id, for the services that work on it. */
  file: query({
    auth: "service",
    input: z.object({ id: Id }),
    output: StoredFile,
    errors: [FileNotFound],
  }),
  usage: query({
    http: "GET /api/v1/upload/usage",
    auth: "user",
    summary: "How much of one's space is in use.",
    input: z.object({}),
    output: z.object({ usedBytes: z.int(), reservedBytes: z.int(), quotaBytes: z.int(), fileBytesMax: z.int() }),
  }),
});

export const fileUploaded = event(
  "file.uploaded.v1",
  z.object({
    fileId: Id,
    userId: Id,
    hash: z.string(),
    sizeBytes: z.int(),
    kind: z.enum(["video", "audio", "image", "other"]),
    mime: z.string(),
    location: z.string(),
  }),
);
export const fileDeleted = event("file.deleted.v1", z.object({ fileId: Id, hash: z.string() }));
