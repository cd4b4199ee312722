import { type Call, type Handlers, type Id, callerOf, type Tx } from "#kernel";
import { readable } from "#kernel/blob/damaged";
import { fileNameOf } from "#policy/file-name";
import { answerTo, challengeLifeMs, isAnswered, newChallenge } from "./challenge.ts";
import { type ContentHash, NotInstant, QuotaExceeded, type upload } from "../contract.ts";
import type { MakeFile } from "../completion/new-file.ts";
import { bytesLeft } from "../sessions/quota.ts";
import { assertOpen } from "../sessions/reservation.ts";
import type { UploadHost } from "../settings.ts";
import { presentFinished } from "../sessions/presenter.ts";
import * as contentStore from "../completion/content-store.ts";
import * as pieceStore from "../sessions/piece-store.ts";
import * as sessionStore from "../sessions/session-store.ts";
import * as store from "../store.ts";

export type InstantUploads = Pick<Handlers<typeof upload>, "prove" | "instant"> & {
  /** A new challenge for a session with a hash. It does not reveal whether the content is stored. */
  challenge(
    tx: Tx<store.Tables>,
    session: sessionStore.SessionRow,
  ): Promise<{ nonce: string; ranges: Range[]; expiresAtMs: number } | null>;
};
interface Range {
  offset: number;
  length: number;
}

/** Files of content that is stored already: by proof of possession, or for old clients by its exact hash and size. */
export function createInstantUploads(host: UploadHost, make: MakeFile): InstantUploads {
  const { db, blob, now, random, log } = host;

  return {
    async challenge(tx, { id, sizeBytes, hash }) {
      if (hash === null || sizeBytes === null || sizeBytes === 0) return null;
      const { nonce, offsets, length } = newChallenge(sizeBytes, random);
      const expiresAtMs = now() + challengeLifeMs;
      await contentStore.challenge(tx, {
        session_id: id,
        nonce,
        offsets: [...offsets],
        length,
        expires_at_ms: expiresAtMs,
      });
      return { nonce, ranges: offsets.map((offset) => ({ offset, length })), expiresAtMs };
    },

    async prove({ id, digests }, call: Call) {
      const userId = callerOf(call);
      const session = await sessionStore.session(db, id, userId);
      assertOpen(session);
      const { hashKind, hash, sizeBytes, name, purpose, folderId, conflict } = session;
      const challenge = await db.tx((tx) => contentStore.takeChallenge(tx, id));
      if (!challenge || challenge.expiresAtMs <= now() || hashKind === null || hash === null || sizeBytes === null)
        throw NotInstant({});
      const content = await contentOf(host, { kind: hashKind, hex: hash }, sizeBytes, userId);
      const correct = await expectedDigests(host, content?.key, challenge.nonce, challenge.offsets, challenge.length);
      if (!content || !correct || !isAnswered(correct, digests)) throw NotInstant({});
      const { file, dropped } = await fileOf(host, make, content, {
        userId,
        sessionId: id,
        name,
        purpose,
        folder_id: folderId,
        conflict,
      });
      await blob.drop(dropped);
      return presentFinished(id, file);
    },

    async instant({ hash, sizeBytes, name, purpose, folderId, conflict, uploadId, publicFileId }, call) {
      const userId = callerOf(call);
      const stored = await contentOf(host, hash, sizeBytes, userId);
      const { isPermitted, others: otherFileIds } = await permissionOf(host, stored?.key, userId, publicFileId);
      const content = isPermitted ? stored : undefined;
      // The log shows users who try hashes of content they do not have (security S4.6).
      log.info("content was requested by its hash", { userId, kind: hash.kind, isThere: content !== undefined });
      if (!content) return { file: null, ...(otherFileIds.length > 0 && { others: otherFileIds }) };
      const request = { userId, name: fileNameOf(name), purpose, folder_id: folderId ?? null, conflict };
      const { file, dropped } = await fileOf(host, make, content, { ...request, sessionId: uploadId, mayBeOver: true });
      await blob.drop(dropped);
      return { file };
    },
  };
}

/** The one stored content of this hash and size; undefined where two contents share an MD5 or SHA-1. */
async function contentOf(
  { db, blob, settings }: UploadHost,
  hash: ContentHash,
  sizeBytes: number | undefined,
  userId: Id,
) {
  const contents = await contentStore.contentsOf(db, hash, settings.instant === "own" ? userId : undefined);
  const [only] = contents;
  if (contents.length !== 1 || !only || (sizeBytes ?? only.sizeBytes) !== only.sizeBytes) return undefined;
  // A damaged object is not used: the bytes that are uploaded instead repair it.
  return (await readable(blob, only.key))?.sizeBytes === only.sizeBytes ? only : undefined;
}

/**
 * Decides if a user may have stored content for its hash alone. A hash is no proof of possession, so by default it may
 * name only the user's own content and public content.
 */
async function permissionOf(
  { db, settings }: UploadHost,
  key: string | undefined,
  userId: Id,
  publicFileId: Id | undefined,
): Promise<{ isPermitted: boolean; others: Id[] }> {
  if (key === undefined) return { isPermitted: false, others: [] };
  if (settings.instant !== "public") return { isPermitted: true, others: [] };
  const files = await contentStore.filesOf(db, key, userId);
  if (files.some((file) => file.userId === userId || file.id === publicFileId))
    return { isPermitted: true, others: [] };
  return { isPermitted: false, others: files.map(({ id }) => id) };
}

/** The correct digests of a challenge; undefined where the content is not stored. */
async function expectedDigests(
  { blob }: UploadHost,
  key: string | undefined,
  nonce: string,
  offsets: readonly number[],
  length: number,
) {
  const object = key === undefined ? undefined : await blob.open(key);
  try {
    const ranges = offsets.map(async (offset) =>
      answerTo(nonce, object ? await object.read(offset, length) : Buffer.alloc(length)),
    );
    // Without the content as much is hashed as with it, so that timing does not reveal what is stored.
    const digests = await Promise.all(ranges);
    return object ? digests : undefined;
  } finally {
    await object?.close();
  }
}

/** Makes a file of stored content, and completes the session it replaces; yields the pieces to drop. */
async function fileOf(
  { db, settings }: UploadHost,
  make: MakeFile,
  content: {
    readonly key: string;
    readonly sizeBytes: number;
    readonly md5: string | null;
    readonly sha1: string | null;
  },
  request: Pick<store.Tables["upload.files"], "name" | "purpose" | "folder_id" | "conflict"> & {
    userId: Id;
    sessionId?: Id | undefined;
    /** A session that is over already is left as it is. */
    mayBeOver?: boolean;
  },
) {
  const { userId, mayBeOver = false } = request;
  return db.tx(async (tx) => {
    const space = await store.lockSpace(tx, userId);
    if (!space) throw QuotaExceeded({ bytesLeft: 0 });
    const row =
      request.sessionId === undefined ? undefined : await sessionStore.lockSession(tx, request.sessionId, userId);
    const session = mayBeOver && row?.state !== "open" ? undefined : row;
    if (request.sessionId !== undefined && !mayBeOver) assertOpen(session);
    const freeBytes = bytesLeft(space, settings) + (session?.reservedBytes ?? 0);
    if (content.sizeBytes > freeBytes) throw QuotaExceeded({ bytesLeft: freeBytes });
    const likeness = await contentStore.fileTypeOf(tx, content.key);
    if (!likeness) throw NotInstant({});
    const { sha256, mime, kind } = likeness;
    const file = await make(tx, {
      userId,
      name: request.name,
      purpose: request.purpose,
      folderId: request.folder_id,
      conflict: request.conflict,
      mime,
      kind,
      stored: {
        key: content.key,
        sha256,
        sizeBytes: content.sizeBytes,
        ...(content.md5 !== null && { md5: content.md5 }),
        ...(content.sha1 !== null && { sha1: content.sha1 }),
      },
    });
    if (!session) return { file, dropped: [] };
    const dropped = await pieceStore.dropPieces(tx, session.id);
    await sessionStore.endSession(tx, session.id, "completed", file.id);
    return { file, dropped };
  });
}
