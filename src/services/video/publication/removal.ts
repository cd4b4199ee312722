import { type Call, type Handlers, type Host, type Id, on, type Tx } from "#kernel";
import { erase } from "#policy/deleted-users";
import { contentRemoved, contentRestored } from "#services/moderation/contract";
import { type video, videoDeleted } from "../contract.ts";
import { releaseMedia } from "../media/media-store.ts";
import * as playlistStore from "../playlists/playlist-store.ts";
import type { showing } from "./publication.ts";
import * as store from "../store.ts";
import type { watching } from "../access/viewer-access.ts";

interface Parts
  extends Pick<ReturnType<typeof watching>, "seen" | "mine">,
    Pick<ReturnType<typeof showing>, "tellPublished" | "tellUpdated" | "release"> {
  /** Notes an act that matters for security. */
  readonly note: (tx: Tx<store.Tables>, act: string, id: Id, call: Call) => Promise<unknown>;
}

/** Videos and playlists that go: by their owners, with their owners, and by moderators, who may bring them back. */
export function removing(
  { db, emit, now }: Pick<Host<store.Tables>, "db" | "emit" | "now">,
  { seen, mine, tellPublished, tellUpdated, release, note }: Parts,
) {
  async function hide(tx: Tx<store.Tables>, row: store.Row): Promise<void> {
    const { id: videoId, userId, mediaId, nextMediaId, generation, coverMediaId } = row;
    await store.hide(tx, videoId, now());
    await playlistStore.forgetInPlaylists(tx, videoId);
    await release(tx, row, nextMediaId);
    const isLastOfMedia = await releaseMedia(tx, mediaId);
    await emit(tx, videoDeleted, videoId, { videoId, userId, mediaId, isLastOfMedia, generation, coverMediaId });
  }

  const handlers: Pick<Handlers<typeof video>, "remove"> = {
    async remove({ id }, call) {
      await seen(await store.byId(db, id), call, call);
      return db.answer(async (tx) => {
        await hide(tx, mine(await store.lock(tx, id), "delete", call));
        await note(tx, "video.deleted", id, call);
        return {};
      });
    },
  };

  return {
    handlers,
    subscriptions: [
      on(contentRemoved, async (tx: Tx<store.Tables>, { kind, id, reason: said }) => {
        if (kind === "playlist") await playlistStore.setPlaylistRemoved(tx, id, true);
        if (kind !== "video") return;
        const before = await store.lock(tx, id);
        if (!before || !(await store.takeDown(tx, id, said))) return;
        await tellUpdated(tx, before, (await store.byId(tx, id)) ?? before, ["status"]);
      }),
      on(contentRestored, async (tx: Tx<store.Tables>, { kind, id }) => {
        if (kind === "playlist") await playlistStore.setPlaylistRemoved(tx, id, false);
        const before = kind === "video" ? await store.lock(tx, id) : undefined;
        if (!before || !(await store.bringBack(tx, id, now()))) return;
        const row = (await store.byId(tx, id)) ?? before;
        await tellUpdated(tx, before, row, ["status"]);
        if (before.publishedAtMs === null && row.status === store.published) await tellPublished(tx, row);
      }),
      erase("video", emit, async (tx: Tx<store.Tables>, { userId }) => {
        await playlistStore.forgetPlaylists(tx, userId);
        for (const { id } of await store.ofUserToHide(tx, userId)) {
          const row = await store.lock(tx, id);
          if (row) await hide(tx, row);
        }
        await store.forgetOwner(tx, userId);
      }),
    ],
  };
}
