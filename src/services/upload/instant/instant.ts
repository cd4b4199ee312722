import { type Call, type Handlers, type Id, callerOf } from "#kernel";
import { readable } from "#kernel/blob/damaged";
import { answerTo, challengeLifeMs, isAnswered, newChallenge } from "./challenge.ts";
import { type ContentHash, NotInstant, QuotaExceeded, type upload } from "../contract.ts";
import type { Finishing } from "../completion/completion.ts";
import { cleanName } from "../sessions/file-name.ts";
import { bytesLeft } from "../sessions/quota.ts";
import { assertOpen } from "../sessions/sessions.ts";
import type { UploadHost } from "../settings.ts";
import { finished } from "../sessions/presenter.ts";
import * as contentStore from "./content-store.ts";
import * as pieceStore from "../sessions/piece-store.ts";
import * as sessionStore from "../sessions/session-store.ts";
import * as store from "../store.ts";

type Instant = Pick<Handlers<typeof upload>, "prove" | "instant"> & {
  /** A new challenge for a session whose content the client named; whether it is stored is not told. */
  challenge(session: sessionStore.SessionRow): Promise<{ nonce: string; ranges: Range[]; expiresAtMs: number } | null>;
};
interface Range {
  offset: number;
  length: number;
}

/** Files of content that is stored already: by proof that one has it, or for old clients by its exact hash and size. */
export function instantly(host: UploadHost, { make }: Pick<Finishing, "make">): Instant {
  const { db, blob, now, random, settings, log } = host;

  /** The one stored content of this hash and size. Two of one MD5 or SHA-1 are none: the hash no longer names either. */
  async function contentOf(hash: ContentHash, sizeBytes: number | undefined, userId: Id) {
    const found = await contentStore.contentsOf(db, hash, settings.instant === "own" ? userId : undefined);
    const [only] = found;
    if (found.length !== 1 || !only || (sizeBytes ?? only.sizeBytes) !== only.sizeBytes) return undefined;
    // Nobody is given what is damaged; the bytes that are sent instead make it whole again.
    return (await readable(blob, only.key))?.sizeBytes === only.sizeBytes ? only : undefined;
  }

  async function expected(key: string | undefined, nonce: string, offsets: readonly number[], length: number) {
    const object = key === undefined ? undefined : await blob.open(key);
    try {
      const ranges = offsets.map(async (offset) =>
        answerTo(nonce, object ? await object.read(offset, length) : Buffer.alloc(length)),
      );
      // Without the content as much is hashed as with it: how long an answer takes tells nobody what is stored.
      const digests = await Promise.all(ranges);
      return object ? digests : undefined;
    } finally {
      await object?.close();
    }
  }

  async function fileOf(
    content: {
      readonly key: string;
      readonly sizeBytes: number;
      readonly md5: string | null;
      readonly sha1: string | null;
    },
    of: Pick<store.Tables["upload.files"], "name" | "purpose" | "folder_id" | "conflict"> & {
      userId: Id;
      sessionId?: Id | undefined;
      /** The session may be over already: then it is left as it is. */
      isSparing?: boolean;
    },
  ) {
    const { userId, isSparing = false } = of;
    return db.tx(async (tx) => {
      const space = await store.lockSpace(tx, userId);
      if (!space) throw QuotaExceeded({ bytesLeft: 0 });
      const found = of.sessionId === undefined ? undefined : await sessionStore.lockSession(tx, of.sessionId, userId);
      const session = isSparing && found?.state !== "open" ? undefined : found;
      if (of.sessionId !== undefined && !isSparing) assertOpen(session);
      const left = bytesLeft(space, settings) + (session?.reservedBytes ?? 0);
      if (content.sizeBytes > left) throw QuotaExceeded({ bytesLeft: left });
      const known = await contentStore.likenessOf(tx, content.key);
      if (!known) throw NotInstant({});
      const { sha256, mime, kind } = known;
      const file = await make(tx, {
        userId,
        name: of.name,
        purpose: of.purpose,
        folderId: of.folder_id,
        conflict: of.conflict,
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

  return {
    async challenge({ id, sizeBytes, hash }) {
      if (hash === null || sizeBytes === null || sizeBytes === 0) return null;
      const { nonce, offsets, length } = newChallenge(sizeBytes, random);
      const expiresAtMs = now() + challengeLifeMs;
      await db.tx((tx) =>
        contentStore.challenge(tx, {
          session_id: id,
          nonce,
          offsets: [...offsets],
          length,
          expires_at_ms: expiresAtMs,
        }),
      );
      return { nonce, ranges: offsets.map((offset) => ({ offset, length })), expiresAtMs };
    },

    async prove({ id, digests }, asked: Call) {
      const userId = callerOf(asked);
      const session = await sessionStore.session(db, id, userId);
      assertOpen(session);
      const { hashKind, hash, sizeBytes, name, purpose, folderId, conflict } = session;
      const asking = await db.tx((tx) => contentStore.takeChallenge(tx, id));
      if (!asking || asking.expiresAtMs <= now() || hashKind === null || hash === null || sizeBytes === null)
        throw NotInstant({});
      const content = await contentOf({ kind: hashKind, hex: hash }, sizeBytes, userId);
      const right = await expected(content?.key, asking.nonce, asking.offsets, asking.length);
      if (!content || !right || !isAnswered(right, digests)) throw NotInstant({});
      const { file, dropped } = await fileOf(content, {
        userId,
        sessionId: id,
        name,
        purpose,
        folder_id: folderId,
        conflict,
      });
      await blob.drop(dropped);
      return finished(id, file);
    },

    async instant({ hash, sizeBytes, name, purpose, folderId, conflict, uploadId }, asked) {
      const userId = callerOf(asked);
      const content = await contentOf(hash, sizeBytes, userId);
      // Whoever tries hashes they do not have is seen trying (security S4.6).
      log.info("content was asked for by its hash", { userId, kind: hash.kind, isThere: content !== undefined });
      if (!content) return { file: null };
      const of = { userId, name: cleanName(name), purpose, folder_id: folderId ?? null, conflict };
      const { file, dropped } = await fileOf(content, { ...of, sessionId: uploadId, isSparing: true });
      await blob.drop(dropped);
      return { file };
    },
  };
}
