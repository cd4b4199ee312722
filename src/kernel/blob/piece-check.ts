import { createHash } from "node:crypto";
import { StorageUnavailable } from "../errors.ts";
import type { Piece } from "./port.ts";

/**
 * Passes on the bytes of pieces in order, and compares each piece that has a digest with the bytes that were read. A
 * store may have kept other bytes than it was given (reliability R5, F9).
 * @throws StorageUnavailable before the last bytes of a wrong piece are passed on
 */
export async function* checkedPieces<B extends Uint8Array>(
  pieces: readonly Piece[],
  bytes: AsyncIterable<B>,
): AsyncIterable<B> {
  const nextPieces = pieces.values();
  let piece = nextPieces.next().value;
  let remainingBytes = piece?.sizeBytes ?? 0;
  let hash = piece?.sha256 == null ? undefined : createHash("sha256");
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.byteLength; ) {
      const part = chunk.subarray(at, at + remainingBytes);
      hash?.update(part);
      at += part.byteLength;
      remainingBytes -= part.byteLength;
      while (remainingBytes === 0 && piece) {
        if (hash && hash.digest("hex") !== piece.sha256) throw pieceChanged();
        piece = nextPieces.next().value;
        remainingBytes = piece?.sizeBytes ?? Number.POSITIVE_INFINITY;
        hash = piece?.sha256 == null ? undefined : createHash("sha256");
      }
    }
    yield chunk;
  }
}

export const pieceChanged = (): Error => StorageUnavailable({}, new Error("a piece is not what it was"));
