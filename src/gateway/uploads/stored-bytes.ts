import { createHash } from "node:crypto";
import { type BlobStore, type Id, KinoraError } from "#kernel";
import type { OtherDigests, OtherHash, Piece } from "#kernel/blob/port";
import { UploadInterrupted } from "#services/upload/contract";
import type { Incoming } from "./form.ts";

/** Durable bytes, and their digests. */
export interface StoredBytes {
  readonly pieces: readonly Piece[];
  readonly sizeBytes: number;
  readonly digests: OtherDigests & { readonly sha256: string };
}

interface StoreOptions {
  readonly bytesMax: number;
  /** Hashes to compute beside SHA-256. */
  readonly otherHashes?: readonly OtherHash[];
  /** The owner, where owners have stores of their own. */
  readonly userId?: Id | undefined;
  /** The failure for more than `bytesMax`. */
  tooLarge(): Error;
  /** Sees each chunk before it is written; an error it throws ends the upload. */
  inspect?(chunk: Buffer): void;
  /** Takes the memory of a chunk back once it is written. */
  release?(chunk: Buffer): void;
}

/**
 * Streams bytes into the store with back-pressure and hashes them on the way. Nothing remains unless all bytes arrived.
 * @throws UploadInterrupted where the client ended too early
 */
export async function storeBytes(
  bytes: Incoming,
  blob: BlobStore,
  { bytesMax, otherHashes = [], ...options }: StoreOptions,
): Promise<StoredBytes> {
  const writer = await blob.piece(undefined, { store: blob.storeFor?.({ space: "upload", userId: options.userId }) });
  let pieces: readonly Piece[] = [];
  try {
    const hash = createHash("sha256");
    const furtherHashes = otherHashes.map((kind) => [kind, createHash(kind)] as const);
    let sizeBytes = 0;
    for await (const chunk of bytes) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > bytesMax) throw options.tooLarge();
      options.inspect?.(chunk);
      hash.update(chunk);
      for (const [, other] of furtherHashes) other.update(chunk);
      await writer.write(chunk);
      options.release?.(chunk);
    }
    pieces = await writer.keep();
    await writer.close();
    const digests = Object.fromEntries(furtherHashes.map(([kind, other]) => [kind, other.digest("hex")]));
    return { pieces, sizeBytes, digests: { sha256: hash.digest("hex"), ...digests } };
  } catch (error) {
    await writer.close();
    await blob.drop(pieces.map(({ name }) => name));
    throw error instanceof KinoraError ? error : UploadInterrupted({}, error);
  }
}

/** The chunk as the upload service records it. */
export const pieceOf = ({ pieces, sizeBytes, digests }: StoredBytes) => ({
  // Some stores make no piece of zero bytes; the service refuses an empty chunk whatever its name.
  name: pieces[0]?.name ?? "0".repeat(32),
  sizeBytes,
  ...digests,
});

/**
 * Removes pieces whose upload was rejected. Only where nothing can refer to them: after any other error the sweeper decides.
 */
export async function discardRejected(
  blob: BlobStore,
  pieces: readonly Pick<Piece, "name">[],
  error: unknown,
): Promise<void> {
  const isRejection = error instanceof KinoraError && !error.retryable && error.kind !== "internal";
  if (isRejection) await blob.drop(pieces.map(({ name }) => name));
}
