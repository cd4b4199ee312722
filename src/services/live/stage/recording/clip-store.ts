import { type Id, type Page, type PageInput, pageOf, type Tx } from "#kernel";
import type { Insertable } from "kysely";
import type { StoredSegment } from "./recording-store.ts";
import type { Stretch } from "./timeline.ts";
import type { Db, Tables } from "../../store.ts";

const clips = (db: Db) =>
  db
    .selectFrom("live.clips")
    .select([
      "id",
      "live_id as liveId",
      "owner_id as ownerId",
      "title",
      "header",
      "segments",
      "upload_id as uploadId",
      "video_id as videoId",
    ]);

export interface Clip {
  readonly id: Id;
  readonly liveId: Id;
  readonly ownerId: Id;
  readonly title: string;
  readonly header: string | null;
  readonly segments: string | null;
  readonly uploadId: Id | null;
  readonly videoId: Id | null;
}
export const byId = (db: Db, id: Id): Promise<Clip | undefined> => clips(db).where("id", "=", id).executeTakeFirst();

/** The clip that a request with this key began. */
export const byRequest = (db: Db, ownerId: Id, key: string, sinceMs: number) =>
  clips(db)
    .where("owner_id", "=", ownerId)
    .where("request_key", "=", key)
    .where("created_at_ms", ">", sinceMs)
    .executeTakeFirst();

export async function insert(tx: Tx<Tables>, row: Insertable<Tables["live.clips"]>): Promise<void> {
  await tx.insertInto("live.clips").values(row).execute();
}

/** The places of the clip's segments in the recording. */
export const segmentsOf = ({ segments }: Pick<Clip, "segments">): StoredSegment[] =>
  JSON.parse(segments ?? "[]") as StoredSegment[]; // As they were written when it was begun.

export const setUpload = (tx: Tx<Tables>, id: Id, uploadId: Id) =>
  tx.updateTable("live.clips").set({ upload_id: uploadId }).where("id", "=", id).execute();

/** It is a video; where its chat belongs in it is kept, its segments are not. False where it was so already. */
export async function publish(tx: Tx<Tables>, id: Id, videoId: Id, timeline: readonly Stretch[]): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("live.clips")
    .set({ video_id: videoId, timeline: JSON.stringify(timeline), header: null, segments: null })
    .where("id", "=", id)
    .where("video_id", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The stretches of the clip that became a video; undefined where none did. */
export async function timelineOfVideo(db: Db, liveId: Id, videoId: Id): Promise<Stretch[] | undefined> {
  const row = await db
    .selectFrom("live.clips")
    .select("timeline")
    .where("live_id", "=", liveId)
    .where("video_id", "=", videoId)
    .executeTakeFirst();
  return row?.timeline ? (JSON.parse(row.timeline) as Stretch[]) : undefined; // As `publish` wrote it.
}

/** True if clips of a room are not videos yet: they need the pieces of its recording. */
export async function hasOpen(db: Db, liveId: Id): Promise<boolean> {
  const row = await db
    .selectFrom("live.clips")
    .select("id")
    .where("live_id", "=", liveId)
    .where("video_id", "is", null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Gives up one that is no video. */
export const remove = (tx: Tx<Tables>, id: Id) =>
  tx.deleteFrom("live.clips").where("id", "=", id).where("video_id", "is", null).execute();

export function ofRoom(db: Db, liveId: Id, input: PageInput): Promise<Page<{ videoId: Id; createdAtMs: number }>> {
  const rows = db
    .selectFrom("live.clips")
    .select(["id", "video_id as videoId", "created_at_ms as createdAtMs"])
    .where("live_id", "=", liveId)
    .where("video_id", "is not", null)
    .$narrowType<{ videoId: Id }>();
  return pageOf(db, rows, { id: "id" }, input);
}
