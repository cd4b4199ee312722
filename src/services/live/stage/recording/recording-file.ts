import { createHash } from "node:crypto";
import type { Call, Id } from "#kernel";
import type { Piece, PieceWriter } from "#kernel/blob/port";
import { type Session, UploadBusy, upload } from "#services/upload/contract";
import type { LiveHost } from "../../settings.ts";

/** A file that grows by whole segments: each of them is durable before the next is written. */
export interface RecordingFile {
  readonly uploadId: Id;
  /** The size of the file when it was opened. */
  readonly sizeBytes: number;
  /** Yields where the bytes lie. @throws KinoraError where it cannot be stored; nothing more is written then */
  append(bytes: readonly Buffer[]): Promise<readonly Span[]>;
  /** Releases the upload. @returns the SHA-256 of the whole file, if this process wrote all of it */
  close(): Promise<string | undefined>;
}

/** Bytes of a piece of the upload. */
export interface Span {
  readonly piece: string;
  readonly from: number;
  readonly length: number;
}

/** The places of the last bytes of pieces. Pure. */
export function tailOf(pieces: readonly Piece[], length: number): Span[] {
  const spans: Span[] = [];
  let remaining = length;
  for (const { name, sizeBytes } of pieces.toReversed()) {
    const pieceBytes = Math.min(remaining, sizeBytes);
    if (pieceBytes > 0) spans.unshift({ piece: name, from: sizeBytes - pieceBytes, length: pieceBytes });
    remaining -= pieceBytes;
  }
  return spans;
}

interface Lease {
  readonly session: Session;
  readonly fence: number;
  /** The piece that the bytes end in; it is left alone where its writer died. */
  readonly last: (Piece & { readonly position: number }) | null;
  readonly isTorn: boolean;
}

/** Longer than the lease of a process that died lasts. */
const leaseWaitMs = 15_000;
const retryMs = 200;

/** The only right to write an upload, once a process that had it has let go of it or died. @throws UploadBusy */
export async function leaseUpload(
  { client, settings }: Pick<LiveHost, "client" | "settings">,
  id: Id,
  call: () => Call,
): Promise<Lease> {
  const untilMs = performance.now() + leaseWaitMs;
  for (;;) {
    const grant = await client(upload).write({ id, endpoint: "live", writer: settings.life }, call());
    if (grant.isGranted) return grant;
    if (performance.now() > untilMs) throw UploadBusy({});
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

interface FileOf {
  readonly ownerId: Id;
  readonly name: string;
  /** The upload of a file that another process began. */
  readonly uploadId?: Id | undefined;
}

/**
 * Opens the file of a recording, as an upload of the owner of the room: it counts against the owner's quota, and becomes
 * a file as every upload does.
 */
export async function openFile(host: LiveHost, { ownerId, name, uploadId }: FileOf): Promise<RecordingFile> {
  const { blob, client } = host;
  const uploads = client(upload);
  const call = (): Call => host.call({ userId: ownerId, role: "user", waitMs: 20_000 });
  const id = uploadId ?? (await uploads.open({ endpoint: "live", name, purpose: "media" }, call())).session.id;
  const { session, fence, last: lastPiece, isTorn } = await leaseUpload(host, id, call);
  const last = isTorn ? null : lastPiece;
  const begunBytes = session.receivedBytes;
  const hash = begunBytes === 0 ? createHash("sha256") : undefined;
  let writer: PieceWriter | undefined = await blob.piece(last ?? undefined, {
    store: blob.storeFor?.({ space: "upload", kind: "video", userId: ownerId }),
  });
  const firstPosition = last?.position ?? (lastPiece ? lastPiece.position + 1 : 0);
  // The stored bytes of whole segments: bytes of a failed one do not belong to the file.
  let storedBytes = begunBytes;
  const advance = async (receivedBytes: number, isLast: boolean) => {
    const pieces = ((await writer?.keep()) ?? [])
      .filter(({ sizeBytes, name: piece }) => sizeBytes > 0 || piece === last?.name)
      .map(({ name: piece, sizeBytes }, n) => ({ name: piece, sizeBytes, position: firstPosition + n }));
    await uploads.advance({ id, fence, pieces, receivedBytes, isLast }, call());
    storedBytes = receivedBytes;
    return pieces;
  };
  return {
    uploadId: id,
    sizeBytes: begunBytes,
    async append(bytes) {
      if (!writer) throw UploadBusy({});
      try {
        for (const chunk of bytes) {
          await writer.write(chunk);
          hash?.update(chunk);
        }
        const length = bytes.reduce((sum, chunk) => sum + chunk.length, 0);
        return tailOf(await advance(storedBytes + length, false), length);
      } catch (error) {
        await writer.close();
        writer = undefined;
        throw error;
      }
    },
    async close() {
      await advance(storedBytes, true).catch((error: unknown) => {
        // The lease runs out by itself.
        host.log.debug("the upload of a recording was not let go of", { uploadId: id, err: error });
      });
      await writer?.close();
      writer = undefined;
      return hash?.digest("hex");
    },
  };
}
