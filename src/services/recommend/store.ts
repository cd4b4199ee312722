import { type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { sql } from "kysely";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** A local copy of all videos; of those that are not public the version stays. */
  "recommend.candidates": { video_id: Id; user_id: Id; published_at_ms: number; version: number; is_visible: boolean };
}

// Written out, as the index has it: with a parameter every execution would be planned anew to be able to use it.
const isVisible = sql<boolean>`is_visible`;

/** The public videos, the latest published first. */
export function latest(db: Reader<Tables>, page: PageInput) {
  const rows = db
    .selectFrom("recommend.candidates")
    .select(["video_id as videoId", "published_at_ms as publishedAtMs"])
    .where(isVisible);
  return pageOf(db, rows, { published_at_ms: "publishedAtMs", video_id: "videoId" }, page);
}

/** The public videos published before an instant. */
export const publishedBefore = (db: Reader<Tables>, beforeMs: number | undefined, limit: number) =>
  db
    .selectFrom("recommend.candidates")
    .select(["video_id as videoId", "published_at_ms as publishedAtMs"])
    .where(isVisible)
    .$if(beforeMs !== undefined, (q) => q.where("published_at_ms", "<", beforeMs ?? 0))
    .orderBy("published_at_ms", "desc")
    .orderBy("video_id", "desc")
    .limit(limit)
    .execute();

/** Updates the local copy of a video; yields whether it changed. An older version is ignored. */
export async function storeCandidate(tx: Tx<Tables>, row: Tables["recommend.candidates"]): Promise<boolean> {
  const { numInsertedOrUpdatedRows: changed } = await tx
    .insertInto("recommend.candidates")
    .values(row)
    .onConflict((c) =>
      c
        .column("video_id")
        .doUpdateSet((e) => ({
          published_at_ms: e.ref("excluded.published_at_ms"),
          version: e.ref("excluded.version"),
          is_visible: e.ref("excluded.is_visible"),
        }))
        .where(
          sql<boolean>`candidates.version < excluded.version OR (candidates.version = excluded.version AND
            (candidates.published_at_ms, candidates.is_visible) IS DISTINCT FROM (excluded.published_at_ms, excluded.is_visible))`,
        ),
    )
    .executeTakeFirstOrThrow();
  return changed === 1n;
}

/** Public candidates, in the order of their ids. */
export const publicCandidates = (db: Reader<Tables>, after: number, limit: number) =>
  db
    .selectFrom("recommend.candidates")
    .select("video_id as id")
    .where(isVisible)
    .where("video_id", ">", after)
    .orderBy("video_id")
    .limit(limit)
    .execute();

/** Deletes a candidate; a tombstone keeps events of earlier versions from restoring it. Its author is deleted from it. */
export const deleteCandidate = (tx: Tx<Tables>, videoId: Id) =>
  sql`INSERT INTO recommend.candidates (video_id, user_id, published_at_ms, version, is_visible)
    VALUES (${videoId}, 0, 0, 2147483647, false)
    ON CONFLICT (video_id) DO UPDATE SET user_id = 0, version = 2147483647, is_visible = false`.execute(tx);
