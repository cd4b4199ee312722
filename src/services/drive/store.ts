import { anyOf, type Id, type Reader, type Tx } from "#kernel";
import { type Generated, sql } from "kysely";
import type { Entry } from "./contract.ts";

/** The parent of entries in the root. */
export const rootId = 0;
export const folderRank = 0;
export const fileRank = 1;

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** One row per user, locked before their tree changes, so that there are no cycles and no duplicate names. */
  "drive.drives": { user_id: Id; entry_count: Generated<number>; is_closed: Generated<boolean> };
  /** Folders (rank 0) and files (rank 1). A trashed row has the id of the entry that was trashed: itself or an ancestor. */
  "drive.user_files": {
    user_id: Id;
    id: Id;
    parent_id: Id;
    rank: number;
    name: string;
    name_key: string;
    grams: number[];
    file_id: Generated<Id | null>;
    key: Generated<string | null>;
    sha256: Generated<string | null>;
    md5: Generated<string | null>;
    sha1: Generated<string | null>;
    size_bytes: Generated<number>;
    mime: Generated<string>;
    kind: Entry["kind"];
    created_at_ms: number;
    changed_at_ms: number;
    uploaded_at_ms: number;
    digests_asked_at_ms: Generated<number | null>;
    trash_id: Generated<Id | null>;
    trashed_at_ms: Generated<number | null>;
    /** A trashed entry that is being deleted permanently, with all entries below it. */
    is_purged: Generated<boolean>;
    /** Grows with each change that other services follow. */
    version: Generated<number>;
  };
  /** Folders that are being copied in the background. */
  "drive.copies": {
    id: Id;
    user_id: Id;
    status: "queued" | "running" | "done" | "failed";
    done: Generated<number>;
    total: number;
    error_code: Generated<string | null>;
    error_message: Generated<string | null>;
    created_at_ms: number;
  };
  /** Files that were deleted permanently: a late event of their arrival does not bring them back. */
  "drive.released_files": { file_id: Id; released_at_ms: number };
  "drive.shares": {
    user_id: Id;
    id: Id;
    entry_id: Id;
    token_hash: string;
    password_hash: string | null;
    /** Grows with each change that ends all visits. */
    generation: Generated<number>;
    expires_at_ms: number | null;
    downloads_max: number | null;
    downloads: Generated<number>;
    visits: Generated<number>;
    created_at_ms: number;
  };
  /** The downloads a visit was counted for. */
  "drive.share_downloads": { share_id: Id; visit: string; what: string; counted_at_ms: number };
  "drive.zips": { id: Id; user_id: Id; entry_ids: Id[]; expires_at_ms: number };
}
type Db = Reader<Tables>;
type Change = Tx<Tables>;

const columns = [
  "id",
  "parent_id as parentId",
  "rank",
  "name",
  "name_key as nameKey",
  "file_id as fileId",
  "key",
  "sha256",
  "md5",
  "sha1",
  "size_bytes as sizeBytes",
  "mime",
  "kind",
  "created_at_ms as createdAtMs",
  "changed_at_ms as changedAtMs",
  "uploaded_at_ms as uploadedAtMs",
  "trash_id as trashId",
  "trashed_at_ms as trashedAtMs",
  "is_purged as isPurged",
  "version",
  sql<boolean>`EXISTS (SELECT FROM drive.shares s WHERE s.user_id = user_files.user_id AND s.entry_id = user_files.id)`.as(
    "isShared",
  ),
] as const;

export const rows = (db: Db, userId: Id) =>
  db.selectFrom("drive.user_files").select(columns).where("user_id", "=", userId);
export const live = (db: Db, userId: Id) => rows(db, userId).where("trash_id", "is", null);

export const nextVersion = sql<number>`version + 1`;

/** Locks the user's tree until the transaction ends; undefined for a deleted account. */
export async function lockDrive(tx: Change, userId: Id): Promise<{ readonly entries: number } | undefined> {
  const { isClosed, entries } = await tx
    .insertInto("drive.drives")
    .values({ user_id: userId })
    .onConflict((c) => c.column("user_id").doUpdateSet({ user_id: userId }))
    .returning(["is_closed as isClosed", "entry_count as entries"])
    .executeTakeFirstOrThrow();
  return isClosed ? undefined : { entries };
}

/** Closes the tree of a deleted account: no entry is inserted any more, and its shares are deleted. */
export async function closeDrive(tx: Change, userId: Id): Promise<void> {
  await tx
    .insertInto("drive.drives")
    .values({ user_id: userId, is_closed: true })
    .onConflict((c) => c.column("user_id").doUpdateSet({ is_closed: true }))
    .execute();
  for (const table of ["drive.shares", "drive.zips", "drive.copies"] as const)
    await tx.deleteFrom(table).where("user_id", "=", userId).execute();
}

export const count = (tx: Change, userId: Id, by: number) =>
  sql`UPDATE drive.drives SET entry_count = entry_count + ${by}::integer WHERE user_id = ${userId}`.execute(tx);

/** An entry, live or in the trash, but not one that is being deleted permanently. */
export const byId = (db: Db, userId: Id, id: Id) =>
  rows(db, userId)
    .where("id", "=", id)
    .where((e) =>
      e.or([e("trash_id", "is", null), e.and([e("trash_id", "=", e.ref("id")), e("is_purged", "=", false)])]),
    )
    .executeTakeFirst();

export const liveById = (db: Db, userId: Id, id: Id) => live(db, userId).where("id", "=", id).executeTakeFirst();

export interface Row {
  readonly id: Id;
  readonly kind: "folder" | "video" | "audio" | "image" | "other";
  readonly parentId: Id;
  readonly rank: number;
  readonly name: string;
  readonly nameKey: string;
  readonly fileId: Id | null;
  readonly key: string | null;
  readonly sha256: string | null;
  readonly md5: string | null;
  readonly sha1: string | null;
  readonly sizeBytes: number;
  readonly mime: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly uploadedAtMs: number;
  readonly trashId: Id | null;
  readonly trashedAtMs: number | null;
  readonly isPurged: boolean;
  readonly version: number;
  readonly isShared: boolean;
}
export const byIds = (db: Db, userId: Id, ids: readonly Id[]): Promise<Row[]> =>
  live(db, userId).where("id", "=", anyOf(ids)).execute();

export const byFile = (db: Db, userId: Id, fileId: Id) =>
  rows(db, userId).where("file_id", "=", fileId).executeTakeFirst();

export const byName = (db: Db, userId: Id, parentId: Id, nameKey: string) =>
  live(db, userId).where("parent_id", "=", parentId).where("name_key", "=", nameKey).executeTakeFirst();

/** The keys among these that are names of live entries of the folder. */
export async function takenNames(
  db: Db,
  userId: Id,
  parentId: Id,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const takenRows = await db
    .selectFrom("drive.user_files")
    .select("name_key as key")
    .where("user_id", "=", userId)
    .where("parent_id", "=", parentId)
    .where("trash_id", "is", null)
    .where("name_key", "=", (e) => e.fn.any(e.val([...keys])))
    .execute();
  return new Set(takenRows.map(({ key }) => key));
}

export type NewRow = Omit<
  Tables["drive.user_files"],
  | "file_id"
  | "key"
  | "sha256"
  | "md5"
  | "sha1"
  | "size_bytes"
  | "mime"
  | "digests_asked_at_ms"
  | "is_purged"
  | "version"
  | "trash_id"
  | "trashed_at_ms"
> &
  Partial<
    Pick<
      {
        [C in keyof Tables["drive.user_files"]]: Tables["drive.user_files"][C] extends Generated<infer T>
          ? T
          : Tables["drive.user_files"][C];
      },
      "file_id" | "key" | "sha256" | "md5" | "sha1" | "size_bytes" | "mime" | "trash_id" | "trashed_at_ms"
    >
  >;

export async function insert(tx: Change, row: NewRow): Promise<Row> {
  const inserted = await tx.insertInto("drive.user_files").values(row).returning(columns).executeTakeFirstOrThrow();
  await count(tx, row.user_id, 1);
  return inserted;
}

export const updateEntry = (
  tx: Change,
  userId: Id,
  id: Id,
  to: Partial<Pick<NewRow, "parent_id" | "name" | "name_key" | "grams" | "changed_at_ms" | "uploaded_at_ms">>,
) =>
  tx
    .updateTable("drive.user_files")
    .set({ ...to, version: nextVersion })
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .returning(columns)
    .executeTakeFirstOrThrow();

export const insertCopy = (
  tx: Change,
  row: Pick<Tables["drive.copies"], "id" | "user_id" | "status" | "total" | "created_at_ms">,
) => tx.insertInto("drive.copies").values(row).execute();
export const advanceCopy = (
  tx: Change,
  id: Id,
  to: {
    readonly status: "running" | "done" | "failed";
    readonly done?: number;
    readonly error_code?: string;
    readonly error_message?: string;
  },
) => tx.updateTable("drive.copies").set(to).where("id", "=", id).execute();
export const copyOf = (db: Db, userId: Id, id: Id) =>
  db
    .selectFrom("drive.copies")
    .select(["id", "status", "done", "total", "error_code as code", "error_message as message"])
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .executeTakeFirst();

export const insertZip = (tx: Change, row: Tables["drive.zips"]) => tx.insertInto("drive.zips").values(row).execute();
export const zip = (db: Db, userId: Id, id: Id) =>
  db
    .selectFrom("drive.zips")
    .select("entry_ids as entryIds")
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .executeTakeFirst();

/** Deletes rows that no request can use any more. */
export async function deleteExpired(
  tx: Change,
  { nowMs, ticketMs, releasedMs }: Record<"nowMs" | "ticketMs" | "releasedMs", number>,
) {
  await tx
    .deleteFrom("drive.share_downloads")
    .where("counted_at_ms", "<", nowMs - ticketMs)
    .execute();
  await tx.deleteFrom("drive.zips").where("expires_at_ms", "<", nowMs).execute();
  await tx
    .deleteFrom("drive.copies")
    .where("created_at_ms", "<", nowMs - releasedMs)
    .execute();
  await tx
    .deleteFrom("drive.released_files")
    .where("released_at_ms", "<", nowMs - releasedMs)
    .execute();
}
