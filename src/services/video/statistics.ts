import type { Handlers, Host } from "#kernel";
import type { video } from "./contract.ts";
import * as playlistStore from "./playlists/playlist-store.ts";
import * as store from "./store.ts";
import type { ViewerAccess } from "./access/viewer-access.ts";

/** Figures of a video for its owner. */
export const createStatistics = (
  { db }: Pick<Host<store.Tables>, "db">,
  { requireVisible, requireOwn }: Pick<ViewerAccess, "requireVisible" | "requireOwn">,
): Pick<Handlers<typeof video>, "statistics"> => ({
  async statistics({ id }, call) {
    const { row } = await requireVisible(await store.byId(db, id), call, call);
    const { createdAtMs, publishedAtMs, durationMs, sizeBytes } = requireOwn(row, "change", call);
    const playlistCount = await playlistStore.playlistCount(db.read(call), id);
    return { id, createdAtMs, publishedAtMs, durationMs, sizeBytes, playlistCount };
  },
});
