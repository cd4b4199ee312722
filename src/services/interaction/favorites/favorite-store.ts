import { type Id, type PageInput, pageOf, type Tx } from "#kernel";
import {
  changeUsers,
  type Db,
  lockVideos,
  lowerVideos,
  type RowOutcome,
  raiseVideos,
  type Tables,
  tally,
} from "../store.ts";
import { isVisibleInList } from "../visible-store.ts";

/** Adds a favourite, or moves it to another folder, and yields the count of its video. */
export async function add(
  tx: Tx<Tables>,
  row: Tables["interaction.favorites"],
): Promise<{ outcome: RowOutcome; count: number }> {
  const { numInsertedOrUpdatedRows: made } = await tx
    .insertInto("interaction.favorites")
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  if (made !== 1n) {
    await tx
      .updateTable("interaction.favorites as favorites")
      .set({ folder_id: row.folder_id })
      .where("user_id", "=", row.user_id)
      .where("video_id", "=", row.video_id)
      .execute();
    return { outcome: "existing", count: await countOf(tx, row.video_id) };
  }
  const [counted] = await raiseVideos(tx, "favorite_count", new Map([[row.video_id, 1]]));
  await changeUsers(tx, { favorite_count: new Map([[row.user_id, 1]]) });
  return { outcome: counted?.isDeleted === true ? "video_deleted" : "new", count: counted?.count ?? 0 };
}

export async function countOf(db: Db, videoId: Id): Promise<number> {
  const row = await db
    .selectFrom("interaction.video_counts")
    .select("favorite_count as count")
    .where("video_id", "=", videoId)
    .executeTakeFirst();
  return row?.count ?? 0;
}

/** Yields whether there was one. */
export async function remove(tx: Tx<Tables>, videoId: Id, userId: Id): Promise<boolean> {
  await lockVideos(tx, [videoId]);
  const { numDeletedRows } = await tx
    .deleteFrom("interaction.favorites as favorites")
    .where("user_id", "=", userId)
    .where("video_id", "=", videoId)
    .executeTakeFirstOrThrow();
  if (numDeletedRows !== 1n) return false;
  await lowerVideos(tx, "favorite_count", new Map([[videoId, 1]]));
  await changeUsers(tx, { favorite_count: new Map([[userId, -1]]) });
  return true;
}

/** The favourites of a user, latest first, of one folder or all; other viewers see those in public folders or in none. */
export const favoritesOf = (db: Db, userId: Id, viewer: Id | undefined, folderId: Id | undefined, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("interaction.favorites as favorites")
      .leftJoin("interaction.video_copies as video_copies", "video_copies.video_id", "favorites.video_id")
      .leftJoin("interaction.favorite_folders as favorite_folders", "favorite_folders.id", "favorites.folder_id")
      .select([
        "favorites.video_id as videoId",
        "favorites.folder_id as folderId",
        "favorites.created_at_ms as keptAtMs",
      ])
      .where("favorites.user_id", "=", userId)
      .$if(folderId !== undefined, (q) => q.where("favorites.folder_id", "=", folderId ?? 0))
      .$if(viewer !== userId, (q) =>
        q.where((e) => e.or([e("favorites.folder_id", "is", null), e("favorite_folders.is_public", "=", true)])),
      )
      .where(isVisibleInList(userId, viewer)),
    { "favorites.created_at_ms": "keptAtMs", "favorites.video_id": "videoId" },
    page,
  );

/** A folder, which is not deleted until the transaction ends. */
export const lockFolder = (tx: Tx<Tables>, id: Id) =>
  tx
    .selectFrom("interaction.favorite_folders as favorite_folders")
    .select(["id", "user_id as userId", "name", "is_public as isPublic"])
    .where("id", "=", id)
    .forShare()
    .executeTakeFirst();

export const foldersOf = (db: Db, userId: Id, isOwner: boolean, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("interaction.favorite_folders as favorite_folders")
      .select((e) => [
        "id",
        "user_id as userId",
        "name",
        "is_public as isPublic",
        "created_at_ms as createdAtMs",
        e
          .selectFrom("interaction.favorites as favorites")
          .whereRef("favorites.folder_id", "=", "favorite_folders.id")
          .select(e.fn.countAll<number>().as("n"))
          .as("videoCount"),
      ])
      .where("user_id", "=", userId)
      .$if(!isOwner, (q) => q.where("is_public", "=", true))
      .$castTo<Folder>(),
    { id: "id" },
    page,
  );
export interface Folder {
  readonly id: Id;
  readonly userId: Id;
  readonly name: string;
  readonly isPublic: boolean;
  readonly createdAtMs: number;
  readonly videoCount: number;
}

/** The number of folders of a user, who adds none until the transaction ends. */
export async function countFolders(tx: Tx<Tables>, userId: Id): Promise<number> {
  await changeUsers(tx, { favorite_count: new Map([[userId, 0]]) });
  const { n } = await tx
    .selectFrom("interaction.favorite_folders as favorite_folders")
    .select((e) => e.fn.countAll<number>().as("n"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return n;
}
export const insertFolder = (tx: Tx<Tables>, row: Tables["interaction.favorite_folders"]) =>
  tx.insertInto("interaction.favorite_folders").values(row).execute();
export type FolderChanges = Partial<Pick<Tables["interaction.favorite_folders"], "name" | "is_public">>;
export const updateFolder = (tx: Tx<Tables>, id: Id, changes: FolderChanges) =>
  tx.updateTable("interaction.favorite_folders as favorite_folders").set(changes).where("id", "=", id).execute();

/** The videos in it stay favourites. */
export async function removeFolder(tx: Tx<Tables>, id: Id): Promise<void> {
  await tx
    .selectFrom("interaction.favorite_folders as favorite_folders")
    .select("id")
    .where("id", "=", id)
    .forUpdate()
    .execute();
  await tx
    .updateTable("interaction.favorites as favorites")
    .set({ folder_id: null })
    .where("folder_id", "=", id)
    .execute();
  await tx.deleteFrom("interaction.favorite_folders as favorite_folders").where("id", "=", id).execute();
}

/** Deletes the favourites and folders of a deleted account. */
export async function deleteFavoritesOf(tx: Tx<Tables>, userId: Id): Promise<void> {
  const ids = await tx
    .selectFrom("interaction.favorites as favorites")
    .select("video_id as videoId")
    .where("user_id", "=", userId)
    .execute();
  await lockVideos(
    tx,
    ids.map(({ videoId }) => videoId),
  );
  const deleted = await tx
    .deleteFrom("interaction.favorites as favorites")
    .where("user_id", "=", userId)
    .returning("video_id as videoId")
    .execute();
  await lowerVideos(tx, "favorite_count", tally(deleted.map(({ videoId }) => videoId)));
  await changeUsers(tx, { favorite_count: new Map([[userId, -deleted.length]]) });
  await tx.deleteFrom("interaction.favorite_folders as favorite_folders").where("user_id", "=", userId).execute();
}
