import { type Call, callerOf, type Id, KinoraError } from "#kernel";
import { type ContentHash, HashMismatch, NotMedia, type StoredFile, UploadInterrupted } from "../contract.ts";
import { keepLease } from "../sessions/lease.ts";
import * as leaseStore from "../sessions/lease-store.ts";
import type * as sessionStore from "../sessions/session-store.ts";
import type { UploadHost } from "../settings.ts";
import { fileTypeOf } from "./file-type.ts";
import { createFileMaker, type MakeFile } from "./new-file.ts";
import { patiently } from "./patience.ts";
import { assemble, type Finish, headOf, piecesOf, sizeOf } from "./pieces.ts";
import { dropPieces, type LeasedSession, leaseForCompletion, refuse, settle } from "./settlement.ts";

export interface Completion {
  finish(input: Finish, call: Call): Promise<StoredFile>;
  readonly make: MakeFile;
}

const attemptsMax = 5;

/** Completes sessions: assembles and verifies their pieces, and makes the file. */
export function createCompletion(host: UploadHost): Completion {
  const { db, blob, environment, random, counter } = host;
  const make = createFileMaker(host);
  const uploaded = counter("upload_bytes_total", "bytes of files that were uploaded whole");
  /** Concurrent requests to complete one session share their answer. */
  const running = new Map<Id, Promise<StoredFile>>();

  async function finish(input: Finish, userId: Id): Promise<StoredFile> {
    const { id } = input;
    const begun = await patiently(() => leaseForCompletion(host, input, userId, `finish#${random(8).toString("hex")}`));
    if (begun.file) {
      // The client has lost the first answer and sent the same bytes again.
      await dropPieces(host, input.pieces?.map(({ name }) => name) ?? []);
      return begun.file;
    }
    const { row, fence } = begun;
    using _lease = keepLease(host, id, fence);
    try {
      return await complete(input, { row, fence, userId });
    } catch (error) {
      await letGo(id, fence);
      throw error;
    }
  }

  async function complete(input: Finish, session: LeasedSession): Promise<StoredFile> {
    const { row, userId } = session;
    const pieces = await piecesOf(db, input, row, userId);
    const receivedPieces = input.pieces?.map(({ name }) => name) ?? [];
    const hash = input.hash ?? hashOf(row);
    const { purpose = row.purpose, folderId = row.folderId, conflict = row.conflict } = input;
    const likeness = fileTypeOf(await headOf(blob, pieces), sizeOf(pieces));
    if (purpose === "media" && likeness.kind === "other") return refuse(host, input, session, { error: NotMedia({}) });
    for (let attempt = 1; ; attempt++) {
      const store = blob.storeFor?.({ space: "upload", kind: likeness.kind, userId });
      const stored = await assemble(host, input, row, pieces, { hash, store });
      if ("wrong" in stored) return refuse(host, input, session, { error: HashMismatch({}), key: stored.wrong });
      await environment.failpoints.hit("upload.assembled");
      try {
        const { file, dropped } = await settle(host, make, input, session, {
          purpose,
          folderId,
          conflict,
          ...likeness,
          stored,
        });
        await environment.failpoints.hit("upload.settled");
        uploaded.add(stored.sizeBytes);
        await dropPieces(host, [...dropped, ...receivedPieces]);
        return file;
      } catch (error) {
        // The last other file with these bytes was removed meanwhile, with them; the pieces are still there.
        const isRemoved = error instanceof KinoraError && error.code === UploadInterrupted.code;
        if (!isRemoved || attempt === attemptsMax) throw error;
      }
    }
  }

  async function letGo(id: Id, fence: number): Promise<void> {
    await db.tx((tx) => leaseStore.letGo(tx, id, fence)).catch(() => undefined);
  }

  return {
    make,
    finish(input, call) {
      const userId = callerOf(call);
      const before = running.get(input.id);
      // Another user's session is not found, also while its owner completes it.
      const work = before
        ? before.catch(() => undefined).then(() => finish(input, userId))
        : finish(input, userId).finally(() => running.delete(input.id));
      if (!before) running.set(input.id, work);
      return work;
    },
  };
}

const hashOf = ({ hashKind: kind, hash: hex }: sessionStore.SessionRow): ContentHash | undefined =>
  kind !== null && hex !== null ? { kind, hex } : undefined;
