import { requireAccount } from "#policy/account";
import { videoFavorited, videoUnfavorited } from "#events/interaction";
import { type Call, callerOf, type Host, type Id, type PageInput } from "#kernel";
import { isNew, type ViewerAccess } from "../access.ts";
import type { Tables } from "../store.ts";
import * as favoriteStore from "./favorite-store.ts";
import { ownFolder } from "./folders.ts";

export const createFavorites = (
  { db, emit, now }: Pick<Host<Tables>, "db" | "emit" | "now">,
  access: ViewerAccess,
) => ({
  async favorite({ id, folderId }: { id: Id; folderId?: Id | undefined }, call: Call) {
    const userId = callerOf(call);
    await access.author(id, call);
    const favoriteCount = await db.tx(async (tx) => {
      await requireAccount(tx, userId);
      if (folderId !== undefined) await ownFolder(tx, folderId, userId);
      const row = { user_id: userId, video_id: id, folder_id: folderId ?? null, created_at_ms: now() };
      const { outcome, count } = await favoriteStore.add(tx, row);
      if (isNew(outcome)) await emit(tx, videoFavorited, id, { videoId: id, userId, atMs: now() });
      return count;
    });
    return { favorited: true, favoriteCount };
  },

  async unfavorite({ id }: { id: Id }, call: Call) {
    const userId = callerOf(call);
    await access.author(id, call);
    await db.tx(async (tx) => {
      if (await favoriteStore.remove(tx, id, userId))
        await emit(tx, videoUnfavorited, id, { videoId: id, userId, atMs: now() });
    });
    return { favorited: false, favoriteCount: await favoriteStore.countOf(db, id) };
  },

  async favorites({ id, folderId, ...page }: { id: Id; folderId?: Id | undefined } & PageInput, call: Call) {
    await access.requireListVisible(id, "showFavorites", call);
    return favoriteStore.favoritesOf(db, id, call.userId, folderId, page);
  },
});
