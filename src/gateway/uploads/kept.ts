import { createHash } from "node:crypto";
import { type BlobStore, type Id, KinoraError } from "#kernel";
import type { OtherDigests, OtherHash, Piece } from "#kernel/blob/port";
import { UploadInterrupted } from "#services/upload/contract";
import type { Incoming } from "./form.ts";

/** Bytes that are durable, and what they are known by. */
export interface Kept {
  readonly pieces: readonly Piece[];
  readonly sizeBytes: number;
  readonly known: OtherDigests & { readonly sha256: string };
}

interface Wanted {
  readonly bytesMax: number;
  readonly also?: readonly OtherHash[];
  /** Whose bytes they are, where owners have stores of their own. */
  readonly userId?: Id | undefined;
  /** @throws what refuses more than `bytesMax` */
  tooLarge(): Error;
  /** Sees the bytes before they are written; what it throws ends it. */
  look?(chunk: Buffer): void;
  /** Takes their memory back when they are used up. */
  spent?(chunk: Buffer): void;
}

/**
 * Takes bytes into the store with back-pressure, hashed on the way. Nothing is left of them unless all arrived.
 * @throws UploadInterrupted where the client ended too early
 */
export async function kept(
  bytes: Incoming,
  blob: BlobStore,
  { bytesMax, also = [], ...wanted }: Wanted,
): Promise<Kept> {
  const writer = await blob.piece(undefined, { store: blob.storeFor?.({ space: "upload", userId: wanted.userId }) });
  let pieces: readonly Piece[] = [];
  try {
    const hash = createHash("sha256");
    const others = also.map((kind) => [kind, createHash(kind)] as const);
    let sizeBytes = 0;
    for await (const chunk of bytes) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > bytesMax) throw wanted.tooLarge();
      wanted.look?.(chunk);
      hash.update(chunk);
      for (const [, other] of others) other.update(chunk);
      await writer.write(chunk);
      wanted.spent?.(chunk);
    }
    pieces = await writer.keep();
    await writer.close();
    const digests = Object.fromEntries(others.map(([kind, other]) => [kind, other.digest("hex")]));
    return { pieces, sizeBytes, known: { sha256: hash.digest("hex"), ...digests } };
  } catch (error) {
    await writer.close();
    await blob.drop(pieces.map(({ name }) => name));
    throw error instanceof KinoraError ? error : UploadInterrupted({}, error);
  }
}

/**
 * Drops pieces that were refused. Only where it is sure that nothing refers to them: otherwise the sweeper finds out.
 */
export async function dropRefused(blob: BlobStore, names: readonly string[], error: unknown): Promise<void> {
  const isSure = error instanceof KinoraError && !error.retryable && error.kind !== "internal";
  if (isSure) await blob.drop(names);
}
