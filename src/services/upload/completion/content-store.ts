import { anyOf, type Id, type Reader, type Tx } from "#kernel";
import { sql } from "kysely";
import type { ContentHash } from "../contract.ts";
import type { Tables } from "../store.ts";

type Db = Reader<Tables>;

export const challenge = (tx: Tx<Tables>, row: Tables["upload.upload_challenges"]) =>
  tx
    .insertInto("upload.upload_challenges")
    .values(row)
    .onConflict((c) => c.column("session_id").doUpdateSet(row))
    .execute();

/** The challenge of a session, which is used up by asking for it. */
export async function takeChallenge(tx: Tx<Tables>, sessionId: Id) {
  const open = await tx
    .deleteFrom("upload.upload_challenges")
    .where("session_id", "=", sessionId)
    .returning(["nonce", "offsets", "length", "expires_at_ms as expiresAtMs"])
    .executeTakeFirst();
  // Alone a BIGINT arrives as a number, in an array as text.
  return open && { ...open, offsets: open.offsets.map(Number) };
}

/**
 * Stored contents with this hash: more than one where two share an MD5 or SHA-1. With `ofUser`, only contents of this
 * user's files.
 */
export const contentsOf = (db: Db, { kind, hex }: ContentHash, ofUser?: Id) =>
  db
    .selectFrom("upload.contents as contents")
    .select(["key", "size_bytes as sizeBytes", "md5", "sha1"])
    .where(kind === "sha256" ? "key" : kind, "=", kind === "sha256" ? `upload/${hex}` : hex)
    .$if(ofUser !== undefined, (q) =>
      q.where((e) =>
        e.exists(
          e
            .selectFrom("upload.files as files")
            .select("id")
            .whereRef("files.key", "=", "contents.key")
            .where("user_id", "=", ofUser ?? 0)
            .where("deleted_at_ms", "is", null),
        ),
      ),
    )
    .limit(2)
    .execute();

/** Files with these bytes that are not deleted: at most so many of other accounts, and all of this one. */
export const filesOf = (db: Db, key: string, userId: Id) =>
  db
    .selectFrom("upload.files as files")
    .select(["id", "user_id as userId"])
    .where("key", "=", key)
    .where("deleted_at_ms", "is", null)
    .orderBy((e) => e("user_id", "=", userId), "desc")
    .orderBy("id")
    .limit(filesMax)
    .execute();
const filesMax = 200;

/** The type that a file with these bytes was recognised as. */
export const fileTypeOf = (db: Db, key: string) =>
  db.selectFrom("upload.files as files").select(["sha256", "mime", "kind"]).where("key", "=", key).executeTakeFirst();

export const digests = (db: Db, ids: readonly Id[]) =>
  db
    .selectFrom("upload.files as files")
    .innerJoin("upload.contents as contents", "contents.key", "files.key")
    .select(["files.id", "md5", "sha1"])
    .where("files.id", "=", anyOf(ids))
    .where("deleted_at_ms", "is", null)
    .execute();

export const setDigests = (tx: Tx<Tables>, key: string, md5: string, sha1: string) =>
  tx.updateTable("upload.contents as contents").set({ md5, sha1 }).where("key", "=", key).execute();

/** Until the transaction ends nobody else begins or stops to refer to this object. */
export const lockKey = (tx: Tx<Tables>, key: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${`upload.${key}`}, 0))`.execute(tx);
export const forgetContent = (tx: Tx<Tables>, key: string) =>
  tx.deleteFrom("upload.contents as contents").where("key", "=", key).execute();

/** The objects that files need, hidden files that wait for their purge included. */
export const objects = (db: Db) =>
  db.selectFrom("upload.files as files").select(["id", "key", "size_bytes as sizeBytes"]).orderBy("id").execute();

/** The given keys that any file has, hidden ones included. */
export async function findReferenced(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom("upload.files as files")
    .select("key")
    .distinct()
    .where("key", "=", (e) => e.fn.any(e.val([...keys])))
    .execute();
  return new Set(rows.map(({ key }) => key));
}

/** Keys of what one person's files have, or all files, hidden ones included, in order. */
export async function keysOf(db: Db, userId: Id | undefined, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("upload.files as files")
    .select("key")
    .distinct()
    .$if(userId !== undefined, (q) => q.where("user_id", "=", userId ?? 0))
    .where("key", ">", after)
    .orderBy("key")
    .limit(limit)
    .execute();
  return rows.map(({ key }) => key);
}

/** The owners of files with these keys, hidden ones included. */
export const ownersOf = (db: Db, keys: readonly string[]) =>
  db
    .selectFrom("upload.files as files")
    .select(["key", "user_id as userId"])
    .distinct()
    .where("key", "=", (e) => e.fn.any(e.val([...keys])))
    .orderBy("key")
    .orderBy("user_id")
    .limit(ownersMax)
    .execute();
const ownersMax = 1_000;
