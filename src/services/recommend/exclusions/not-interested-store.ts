import { anyOf, type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Scope, Tables } from "../store.ts";

/** A thing that a user is not interested in: a video or an author by number, or a tag by its key. */
export interface Subject {
  readonly scope: Scope;
  /** The number of the video or the author; 0 for a tag. */
  readonly subjectId: number;
  /** Empty where it is no tag. */
  readonly tag: string;
}

/** Stores a subject once, and deletes the oldest of the user beyond the maximum. */
export async function add(
  tx: Tx<Tables>,
  row: Subject & { readonly id: Id; readonly userId: Id; readonly videoId: Id; readonly createdAtMs: number },
  rowsMax: number,
): Promise<void> {
  await tx
    .insertInto("recommend.not_interested")
    .values({
      id: row.id,
      user_id: row.userId,
      scope: row.scope,
      subject_id: row.subjectId,
      tag: row.tag,
      video_id: row.videoId,
      created_at_ms: row.createdAtMs,
    })
    .onConflict((c) => c.columns(["user_id", "scope", "subject_id", "tag"]).doNothing())
    .execute();
  await sql`
    DELETE FROM recommend.not_interested WHERE user_id = ${row.userId} AND id <= (
      SELECT id FROM recommend.not_interested WHERE user_id = ${row.userId} ORDER BY id DESC
      OFFSET ${rowsMax} LIMIT 1)`.execute(tx);
}

/**
 * Deletes what a user said about a video, its author or a tag; yields whether there was something. The author is found by
 * the video, also by another one than it was said at.
 */
export async function remove(
  tx: Tx<Tables>,
  { userId, videoId, scope, tag }: { userId: Id; videoId: Id; scope: Scope; tag: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    DELETE FROM recommend.not_interested WHERE user_id = ${userId} AND scope = ${scope} AND tag = ${tag} AND (
      scope = 'tag' OR video_id = ${videoId}
      OR subject_id = (SELECT user_id FROM recommend.candidates WHERE video_id = ${videoId}))`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
}

/** Deletes a tag or an author from what a user does not want to be shown, wherever it was said. */
export const removeSubject = (tx: Tx<Tables>, userId: Id, { scope, subjectId, tag }: Subject) =>
  tx
    .deleteFrom("recommend.not_interested")
    .where("user_id", "=", userId)
    .where("scope", "=", scope)
    .where("subject_id", "=", subjectId)
    .where("tag", "=", tag)
    .execute();

const rowsOf = (db: Db, userId: Id) =>
  db
    .selectFrom("recommend.not_interested")
    .select(["id", "scope", "subject_id as subjectId", "tag", "video_id as videoId", "created_at_ms as createdAtMs"])
    .where("user_id", "=", userId);

/** The refusals that a user made at videos, the latest first. */
export const pageOfUser = (db: Db, userId: Id, page: PageInput) =>
  pageOf(db, rowsOf(db, userId).where("video_id", ">", 0), { id: "id" }, page);

/** The tags and authors that a user does not want to be shown, the latest first. */
export const mutesOf = (db: Db, userId: Id, page: PageInput) =>
  pageOf(db, rowsOf(db, userId).where("scope", "<>", "video"), { id: "id" }, page);

/** The things that each of these users is not interested in, in the order of the users. */
export async function subjectsOf(db: Reader<Tables>, userIds: readonly Id[]): Promise<Subject[][]> {
  const subjects = await db
    .selectFrom("recommend.not_interested")
    .select(["user_id as userId", "scope", "subject_id as subjectId", "tag"])
    .where("user_id", "=", anyOf(userIds))
    .execute();
  const byUser = Map.groupBy(subjects, ({ userId }) => userId);
  return userIds.map((userId) => byUser.get(userId) ?? []);
}

/** Deletes what users said about a deleted video alone. */
export const deleteVideo = (tx: Tx<Tables>, videoId: Id) =>
  tx.deleteFrom("recommend.not_interested").where("scope", "=", "video").where("subject_id", "=", videoId).execute();

/** Deletes what a deleted account said, and what others said about it. */
export async function deleteUser(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx.deleteFrom("recommend.not_interested").where("user_id", "=", userId).execute();
  await tx
    .deleteFrom("recommend.not_interested")
    .where("scope", "=", "author")
    .where("subject_id", "=", userId)
    .execute();
}
