import type { Id, Tx } from "#kernel";
import type { RecordedSegment } from "#media/live/recording/recording-layout";
import type { Insertable } from "kysely";
import type { Span } from "./recording-file.ts";
import type { Stretch } from "./timeline.ts";
import type { Db, Tables } from "../../store.ts";

const recordings = (db: Db) =>
  db
    .selectFrom("live.recordings")
    .select([
      "id",
      "live_id as liveId",
      "owner_id as ownerId",
      "upload_id as uploadId",
      "state",
      "header",
      "size_bytes as sizeBytes",
      "sha256",
      "video_id as videoId",
    ]);

export interface Recording {
  readonly id: Id;
  readonly liveId: Id;
  readonly ownerId: Id;
  readonly uploadId: Id;
  readonly state: "open" | "published" | "failed";
  readonly header: string;
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly videoId: Id | null;
}

/** In the order they were begun. */
export const ofRoom = (db: Db, liveId: Id): Promise<Recording[]> =>
  recordings(db).where("live_id", "=", liveId).orderBy("id").execute();
/** Recordings that are not published yet. */
export const openOf = (db: Db, liveId: Id): Promise<Recording[]> =>
  recordings(db).where("live_id", "=", liveId).where("state", "=", "open").orderBy("id").execute();

export async function insert(db: Db | Tx<Tables>, row: Insertable<Tables["live.recordings"]>): Promise<void> {
  await (db as Tx<Tables>).insertInto("live.recordings").values(row).execute();
}

/** A segment of a recording that is written still, and where its bytes lie. */
export interface StoredSegment extends RecordedSegment {
  readonly spans?: readonly Span[];
}

/** A segment whose bytes are stored, and the end of the file with it. */
export async function addSegment(tx: Tx<Tables>, id: Id, segment: StoredSegment, sizeBytes: number): Promise<void> {
  await tx
    .insertInto("live.recording_segments")
    .values({ recording_id: id, msn: segment.msn, segment: JSON.stringify(segment) })
    .execute();
  await tx.updateTable("live.recordings").set({ size_bytes: sizeBytes }).where("id", "=", id).execute();
}

/** In their order. */
export async function segmentsOf(db: Db, id: Id): Promise<RecordedSegment[]> {
  const rows = await db
    .selectFrom("live.recording_segments")
    .select("segment")
    .where("recording_id", "=", id)
    .orderBy("msn")
    .execute();
  return rows.map(({ segment }) => JSON.parse(segment) as RecordedSegment); // As `addSegment` wrote it.
}

/** The newest segments of a recording behind a number, in their order. */
export async function storedOf(db: Db, id: Id, afterMsn: number, limit: number): Promise<StoredSegment[]> {
  const rows = await db
    .selectFrom("live.recording_segments")
    .select("segment")
    .where("recording_id", "=", id)
    .where("msn", ">", afterMsn)
    .orderBy("msn", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ segment }) => JSON.parse(segment) as StoredSegment).toReversed(); // As `addSegment` wrote it.
}

export async function storedSegment(db: Db, liveId: Id, msn: number): Promise<StoredSegment | undefined> {
  const row = await db
    .selectFrom("live.recording_segments as segments")
    .innerJoin("live.recordings as recordings", "recordings.id", "segments.recording_id")
    .select("segment")
    .where("live_id", "=", liveId)
    .where("state", "=", "open")
    .where("msn", "=", msn)
    .executeTakeFirst();
  return row && (JSON.parse(row.segment) as StoredSegment); // As `addSegment` wrote it.
}

/** The whole file, with its hash where it is known. */
export const close = (tx: Tx<Tables>, id: Id, sizeBytes: number, sha256: string | null) =>
  tx.updateTable("live.recordings").set({ size_bytes: sizeBytes, sha256 }).where("id", "=", id).execute();

/** It is a video; where its chat belongs in it is kept, its segments are not. */
export const publish = (tx: Tx<Tables>, id: Id, videoId: Id, timeline: readonly Stretch[]) =>
  tx
    .updateTable("live.recordings")
    .set({ state: "published", video_id: videoId, timeline: JSON.stringify(timeline) })
    .where("id", "=", id)
    .execute();

/** The stretches of the recording that became a video; undefined where none did. */
export async function timelineOfVideo(db: Db, liveId: Id, videoId: Id): Promise<Stretch[] | undefined> {
  const row = await db
    .selectFrom("live.recordings")
    .select("timeline")
    .where("live_id", "=", liveId)
    .where("video_id", "=", videoId)
    .executeTakeFirst();
  return row?.timeline ? (JSON.parse(row.timeline) as Stretch[]) : undefined; // As `publish` wrote it.
}

export const fail = (tx: Tx<Tables>, id: Id, error: string) =>
  tx
    .updateTable("live.recordings")
    .set({ state: "failed", error })
    .where("id", "=", id)
    .where("state", "=", "open")
    .execute();

export const forgetSegments = (tx: Tx<Tables>, id: Id) =>
  tx.deleteFrom("live.recording_segments").where("recording_id", "=", id).execute();

/** Recordings and clips of an account: the videos and uploads belong to other services. */
export async function deleteOf(tx: Tx<Tables>, ownerId: Id): Promise<void> {
  await tx.deleteFrom("live.recordings").where("owner_id", "=", ownerId).execute();
  await tx.deleteFrom("live.clips").where("owner_id", "=", ownerId).execute();
}
