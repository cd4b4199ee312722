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
  async function sayName(tx: Tx<Tables>, name: string, call: Call): Promise<void> {
    await mayName(call, tx);
    const heldFor = await flagFor([name], call, tx);
    const userId = callerOf(call);
    if (heldFor !== undefined) await emit(tx, contentFlagged, userId, flaggedPerson(userId, [name], heldFor, now()));
  }

  return {
    async favorite({ id, folderId }: { id: Id; folderId?: Id | undefined }, call: Call) {
      const userId = callerOf(call);
      await seen.author(id, call);
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

    async unfavorite({ id }: { id: Id }, call: Call) {
      const userId = callerOf(call);
      await seen.author(id, call);
      await db.tx(async (tx) => {
        if (await favoriteStore.drop(tx, id, userId))
          await emit(tx, videoUnfavorited, id, { videoId: id, userId, atMs: now() });
      });
      return { favorited: false, favoriteCount: await favoriteStore.countOf(db, id) };
    },

    async favorites({ id, folderId, ...page }: { id: Id; folderId?: Id | undefined } & PageInput, call: Call) {
      await seen.list(id, "showFavorites", call);
      return favoriteStore.keptBy(db, id, call.userId, folderId, page);
    },

    async folders({ id, ...page }: { id: Id } & PageInput, call: Call) {
      await seen.list(id, "showFavorites", call);
      if (id !== call.userId && (await seen.hidden(call)).includes(id)) return emptyPage(page);
      return favoriteStore.foldersOf(db, id, id === call.userId, page);
    },

    async makeFolder({ name, isPublic }: { name: string; isPublic: boolean }, call: Call) {
      const userId = callerOf(call);
      const folder = { id: nextId(), user_id: userId, name, is_public: isPublic, created_at_ms: now() };
      return db.answer(async (tx) => {
        if (isPublic) await sayName(tx, name, call);
        await mustBeThere(tx, userId);
        if ((await favoriteStore.countFolders(tx, userId)) >= foldersMax) throw TooManyFolders({});
        await favoriteStore.insertFolder(tx, folder);
        return { id: folder.id, userId, name, isPublic, videoCount: 0, createdAtMs: folder.created_at_ms };
      });
    },

    async changeFolder(
      { id, name, isPublic }: { id: Id; name?: string | undefined; isPublic?: boolean | undefined },
      call: Call,
    ) {
      await db.tx(async (tx) => {
        const before = await ownFolder(tx, id, callerOf(call));
        const isSaid = (name !== undefined && name !== before.name) || !before.isPublic;
        if ((isPublic ?? before.isPublic) && isSaid) await sayName(tx, name ?? before.name, call);
        const changes = { ...(name !== undefined && { name }), ...(isPublic !== undefined && { is_public: isPublic }) };
        if (Object.keys(changes).length > 0) await favoriteStore.updateFolder(tx, id, changes);
      });
      return {};
    },

    async removeFolder({ id }: { id: Id }, call: Call) {
      await db.tx(async (tx) => {
        await ownFolder(tx, id, callerOf(call));
        await favoriteStore.removeFolder(tx, id);
      });
      return {};
    },
  };
}
