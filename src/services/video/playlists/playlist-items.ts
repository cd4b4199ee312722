import type { Call, Handlers, Host, Id } from "#kernel";
import { NotInPlaylist, PlaylistFull, type video } from "../contract.ts";
import { presentVideo } from "../lists/presenter.ts";
import type { Tables } from "../store.ts";
import type { ViewerAccess } from "../access/viewer-access.ts";
import type { PlaylistAccess } from "./playlist-access.ts";
import * as playlistStore from "./playlist-store.ts";

interface Parts extends Pick<ViewerAccess, "listable"> {
  readonly access: PlaylistAccess;
  /** @throws what says that the caller may not see the video */
  readonly requireVideo: (videoId: Id, call: Call) => Promise<unknown>;
}
type Names = "playlistItems" | "addToPlaylist" | "removeFromPlaylist" | "moveInPlaylist";

const itemsMax = 1_000;

/** The videos in a playlist and their order. */
export function createPlaylistItems(
  { db }: Pick<Host<Tables>, "db">,
  { access, requireVideo, listable }: Parts,
): Pick<Handlers<typeof video>, Names> {
  return {
    async playlistItems({ id, ...page }, call) {
      const row = await access.visible(id, call);
      const { items, ...paging } = await playlistStore.itemsOf(db, row, call.userId, page);
      return { ...paging, items: (await listable(items, call)).map(({ row: item }) => presentVideo(item, call)) };
    },

    async addToPlaylist({ id, videoId }, call) {
      await access.visible(id, call);
      await requireVideo(videoId, call);
      return access.change(id, call, async (tx) => {
        const added = await playlistStore.addItem(tx, id, videoId, itemsMax);
        if (added === "full") throw PlaylistFull({});
        return { added };
      });
    },

    removeFromPlaylist: ({ id, video: videoId }, call) =>
      access.change(id, call, async (tx) => {
        await playlistStore.removeItem(tx, id, videoId);
        return {};
      }),

    moveInPlaylist: ({ id, video: videoId, afterId }, call) =>
      access.change(id, call, async (tx) => {
        if (!(await playlistStore.moveItem(tx, id, videoId, afterId))) throw NotInPlaylist({});
        return {};
      }),
  };
}
