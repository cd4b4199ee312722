import type { z } from "zod";
import { chunkCount } from "./chunks.ts";
import type { Finished, Session, StoredFile, Upload } from "../contract.ts";
import type { SessionRow } from "./session-store.ts";

const statuses = {
  open: "uploading",
  completed: "completed",
  cancelled: "cancelled",
  expired: "expired",
  released: "expired",
} as const;

/** A session as its owner sees it. Pure. */
export function presentUpload(row: SessionRow): Upload {
  const { id, name, sizeBytes, receivedBytes, chunkBytes, fileId, purpose, folderId, conflict } = row;
  const { createdAtMs, expiresAtMs } = row;
  const status = statuses[row.state];
  return {
    id,
    name,
    status,
    sizeBytes,
    receivedBytes: status === "completed" ? (sizeBytes ?? receivedBytes) : receivedBytes,
    chunkBytes,
    chunkCount: chunkBytes === null || sizeBytes === null ? null : chunkCount(sizeBytes, chunkBytes),
    fileId,
    purpose,
    folderId,
    conflict,
    createdAtMs,
    expiresAtMs,
  };
}

/** A session as its upload API reads it. Pure. */
export function sessionOf(row: SessionRow): Session {
  const { endpoint, metadata, isPartial, hashKind, hash, writer } = row;
  return {
    ...presentUpload(row),
    endpoint,
    metadata,
    isPartial,
    hash: hashKind !== null && hash !== null ? { kind: hashKind, hex: hash } : null,
    isHeld: writer !== null,
  };
}

export function presentFinished(uploadId: number, file: StoredFile): z.output<typeof Finished> {
  const { id: fileId, name, sizeBytes: size, sha256, mime, kind, purpose } = file;
  return { uploadId, fileId, name, size, sha256, mime, kind, purpose };
}
