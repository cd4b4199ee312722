import { type Call, callerOf, emptyPage, type Host, type Id, type PageInput, type Tx } from "#kernel";
import { contentFlagged, flaggedPerson } from "#services/moderation/contract";
import { mustBeThere } from "#services/auth/contract";
import { FolderNotFound, foldersMax, TooManyFolders, videoFavorited, videoUnfavorited } from "../contract.ts";
import * as favoriteStore from "./favorite-store.ts";
import { isNew, type Seen } from "../access.ts";
import type { speakingOf } from "../posting/posting-policy.ts";
import type { Tables } from "../store.ts";

export function favoritesOf(
  { db, emit, nextId, now }: Host<Tables>,
  seen: Seen,
  { mayName, flagFor }: ReturnType<typeof speakingOf>,
) {
  /** @throws FolderNotFound when it is not the caller's. */
  async function ownFolder(tx: Tx<Tables>, id: Id, userId: Id) {
    const folder = await favoriteStore.holdFolder(tx, id);
    if (folder?.userId !== userId) throw FolderNotFound({});
    return folder;
  }

  /** The name of a public folder is said to everybody: it is shown, and where words ask for it, a moderator looks at it. */
  async function sayName(tx: Tx<Tables>, name: string, asked: Call): Promise<void> {
    await mayName(asked, tx);
    const heldFor = await flagFor([name], asked, tx);
    const userId = callerOf(asked);
    if (heldFor !== undefined) await emit(tx, contentFlagged, userId, flaggedPerson(userId, [name], heldFor, now()));
  }

  return {
    async favorite({ id, folderId }: { id: Id; folderId?: Id | undefined }, asked: Call) {
      const userId = callerOf(asked);
      await seen.author(id, asked);
      const favoriteCount = await db.tx(async (tx) => {
        await mustBeThere(tx, userId);
        if (folderId !== undefined) await ownFolder(tx, folderId, userId);
        const row = { user_id: userId, video_id: id, folder_id: folderId ?? null, created_at_ms: now() };
        const { noted, count } = await favoriteStore.keep(tx, row);
        if (isNew(noted)) await emit(tx, videoFavorited, id, { videoId: id, userId, atMs: now() });
        return count;
      });
      return { favorited: true, favoriteCount };
    },

    async unfavorite({ id }: { id: Id }, asked: Call) {
      const userId = callerOf(asked);
      await seen.author(id, asked);
      await db.tx(async (tx) => {
        if (await favoriteStore.drop(tx, id, userId))
          await emit(tx, videoUnfavorited, id, { videoId: id, userId, atMs: now() });
      });
      return { favorited: false, favoriteCount: await favoriteStore.countOf(db, id) };
    },

    async favorites({ id, folderId, ...page }: { id: Id; folderId?: Id | undefined } & PageInput, asked: Call) {
      await seen.list(id, "showFavorites", asked);
      return favoriteStore.keptBy(db, id, asked.userId, folderId, page);
    },

    async folders({ id, ...page }: { id: Id } & PageInput, asked: Call) {
      await seen.list(id, "showFavorites", asked);
      if (id !== asked.userId && (await seen.hidden(asked)).includes(id)) return emptyPage(page);
      return favoriteStore.foldersOf(db, id, id === asked.userId, page);
    },

    async makeFolder({ name, isPublic }: { name: string; isPublic: boolean }, asked: Call) {
      const userId = callerOf(asked);
      const folder = { id: nextId(), user_id: userId, name, is_public: isPublic, created_at_ms: now() };
      return db.answer(async (tx) => {
        if (isPublic) await sayName(tx, name, asked);
        await mustBeThere(tx, userId);
        if ((await favoriteStore.countFolders(tx, userId)) >= foldersMax) throw TooManyFolders({});
        await favoriteStore.insertFolder(tx, folder);
        return { id: folder.id, userId, name, isPublic, videoCount: 0, createdAtMs: folder.created_at_ms };
      });
    },

    async changeFolder(
      { id, name, isPublic }: { id: Id; name?: string | undefined; isPublic?: boolean | undefined },
      asked: Call,
    ) {
      await db.tx(async (tx) => {
        const before = await ownFolder(tx, id, callerOf(asked));
        const isSaid = (name !== undefined && name !== before.name) || !before.isPublic;
        if ((isPublic ?? before.isPublic) && isSaid) await sayName(tx, name ?? before.name, asked);
        const changes = { ...(name !== undefined && { name }), ...(isPublic !== undefined && { is_public: isPublic }) };
        if (Object.keys(changes).length > 0) await favoriteStore.updateFolder(tx, id, changes);
      });
      return {};
    },

    async removeFolder({ id }: { id: Id }, asked: Call) {
      await db.tx(async (tx) => {
        await ownFolder(tx, id, callerOf(asked));
        await favoriteStore.removeFolder(tx, id);
      });
      return {};
    },
  };
}
