import type { Id, Reader, Tx } from "#kernel";
import type { Tables } from "../store.ts";
import { setAmounts } from "./session-store.ts";

type Db = Reader<Tables>;

export const pieces = (db: Db, sessionId: Id) =>
  db
    .selectFrom("upload.upload_pieces")
    .select(["position", "name", "size_bytes as sizeBytes", "sha256"])
    .where("session_id", "=", sessionId)
    .orderBy("position")
    .execute();

export const lastPiece = (db: Db, sessionId: Id) =>
  db
    .selectFrom("upload.upload_pieces")
    .select(["position", "name", "size_bytes as sizeBytes"])
    .where("session_id", "=", sessionId)
    .orderBy("position", "desc")
    .limit(1)
    .executeTakeFirst();

export const setPiece = (tx: Tx<Tables>, row: Tables["upload.upload_pieces"]) =>
  tx
    .insertInto("upload.upload_pieces")
    .values(row)
    .onConflict((c) => c.columns(["session_id", "position"]).doUpdateSet(row))
    .execute();

export const pieceAt = (db: Db, sessionId: Id, position: number) =>
  db
    .selectFrom("upload.upload_pieces")
    .select(["name", "size_bytes as sizeBytes", "sha256"])
    .where("session_id", "=", sessionId)
    .where("position", "=", position)
    .executeTakeFirst();

/** Deletes the pieces of a session; yields their names. */
export async function dropPieces(tx: Tx<Tables>, sessionId: Id): Promise<string[]> {
  const deleted = await tx
    .deleteFrom("upload.upload_pieces")
    .where("session_id", "=", sessionId)
    .returning("name")
    .execute();
  await setAmounts(tx, sessionId, { received_bytes: 0 });
  return deleted.map(({ name }) => name);
}

/** The given pieces that a session has. */
export async function knownPieces(db: Db, names: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom("upload.upload_pieces")
    .select("name")
    .where("name", "=", (e) => e.fn.any(e.val([...names])))
    .execute();
  return new Set(rows.map(({ name }) => name));
}

/** Pieces that must be there, for `verify`. */
export const allPieces = (db: Db) =>
  db
    .selectFrom("upload.upload_pieces")
    .select(["session_id as sessionId", "name", "size_bytes as sizeBytes"])
    .execute();
