import { type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Tables } from "../store.ts";

type Db = Reader<Tables>;
type Change = Tx<Tables>;

const shareColumns = [
  "shares.id",
  "shares.user_id as userId",
  "shares.entry_id as entryId",
  "shares.password_hash as passwordHash",
  "shares.generation",
  "shares.expires_at_ms as expiresAtMs",
  "shares.downloads_max as downloadsMax",
  "shares.downloads",
  "shares.visits",
  "shares.created_at_ms as createdAtMs",
  "f.name as entryName",
  "f.kind as entryKind",
  "f.trash_id as trashId",
] as const;

/** Shares with their entries. */
const selectShares = (db: Db) =>
  db
    .selectFrom("drive.shares as shares")
    .innerJoin("drive.user_files as f", (j) =>
      j.onRef("f.user_id", "=", "shares.user_id").onRef("f.id", "=", "shares.entry_id"),
    )
    .select(shareColumns);

export interface ShareRow {
  readonly id: Id;
  readonly userId: Id;
  readonly entryId: Id;
  readonly passwordHash: string | null;
  readonly generation: number;
  readonly expiresAtMs: number | null;
  readonly downloadsMax: number | null;
  readonly downloads: number;
  readonly visits: number;
  readonly createdAtMs: number;
  readonly entryName: string;
  readonly entryKind: "folder" | "video" | "audio" | "image" | "other";
  readonly trashId: Id | null;
}
export const shareByToken = (db: Db, hash: string): Promise<ShareRow | undefined> =>
  selectShares(db).where("token_hash", "=", hash).executeTakeFirst();
export const shareById = (db: Db, userId: Id, id: Id) =>
  selectShares(db).where("shares.user_id", "=", userId).where("shares.id", "=", id).executeTakeFirst();

export const listShares = (db: Db, userId: Id, entryId: Id | undefined, page: PageInput) =>
  pageOf(
    db,
    selectShares(db)
      .where("shares.user_id", "=", userId)
      .$if(entryId !== undefined, (q) => q.where("shares.entry_id", "=", entryId ?? 0)),
    { "shares.id": "id" },
    page,
  );

export async function countShares(db: Db, userId: Id, entryId: Id): Promise<number> {
  const { rows: counted } = await sql<{ total: number }>`
    SELECT count(*)::integer AS total FROM drive.shares WHERE user_id = ${userId} AND entry_id = ${entryId}`.execute(
    db,
  );
  return counted[0]?.total ?? 0;
}

export const insertShare = (tx: Change, row: Omit<Tables["drive.shares"], "generation" | "downloads" | "visits">) =>
  tx.insertInto("drive.shares").values(row).execute();

/** True if the share exists. */
export async function changeShare(
  tx: Change,
  userId: Id,
  id: Id,
  {
    endsVisits,
    ...to
  }: Partial<Pick<Tables["drive.shares"], "token_hash" | "password_hash" | "expires_at_ms" | "downloads_max">> & {
    readonly endsVisits: boolean;
  },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("drive.shares as shares")
    .set((e) => ({ ...to, ...(endsVisits && { generation: e("generation", "+", 1) }), id }))
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function removeShare(tx: Change, userId: Id, id: Id): Promise<boolean> {
  await tx.deleteFrom("drive.share_downloads").where("share_id", "=", id).execute();
  const { numDeletedRows } = await tx
    .deleteFrom("drive.shares as shares")
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

export const countVisit = (tx: Change, userId: Id, id: Id) =>
  sql`UPDATE drive.shares SET visits = visits + 1 WHERE user_id = ${userId} AND id = ${id}`.execute(tx);

/** Counts a download of a visit once; whether it is allowed. The row is locked, so the limit holds for concurrent calls. */
export async function countDownload(
  tx: Change,
  { userId, shareId, visit, what, nowMs }: { userId: Id; shareId: Id; visit: string; what: string; nowMs: number },
): Promise<boolean> {
  const { rows: locked } = await sql<{ isLeft: boolean }>`
    SELECT downloads_max IS NULL OR downloads < downloads_max AS "isLeft" FROM drive.shares
    WHERE user_id = ${userId} AND id = ${shareId} FOR UPDATE`.execute(tx);
  const [share] = locked;
  if (!share) return false;
  const counted = await tx
    .selectFrom("drive.share_downloads")
    .select("what")
    .where("share_id", "=", shareId)
    .where("visit", "=", visit)
    .where("what", "=", what)
    .executeTakeFirst();
  if (counted) return true;
  if (!share.isLeft) return false;
  await tx
    .insertInto("drive.share_downloads")
    .values({ share_id: shareId, visit, what, counted_at_ms: nowMs })
    .execute();
  await sql`UPDATE drive.shares SET downloads = downloads + 1 WHERE user_id = ${userId} AND id = ${shareId}`.execute(
    tx,
  );
  return true;
}

/** True if a download is allowed now; does not count it. */
export async function mayDownload(
  db: Db,
  { userId, shareId, visit, what }: { userId: Id; shareId: Id; visit: string; what: string },
): Promise<boolean> {
  const { rows: shares } = await sql<{ may: boolean }>`
    SELECT downloads_max IS NULL OR downloads < downloads_max OR EXISTS (
      SELECT FROM drive.share_downloads WHERE share_id = ${shareId} AND visit = ${visit} AND what = ${what}) AS may
    FROM drive.shares WHERE user_id = ${userId} AND id = ${shareId}`.execute(db);
  return shares[0]?.may === true;
}

export const lockShare = (tx: Change, userId: Id, id: Id) =>
  tx
    .selectFrom("drive.shares as shares")
    .select("downloads")
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
