import { contentRemoved, contentRestored } from "#events/moderation";
import { metadataDeleted, videoDeleted } from "#events/video";
import { type Call, type Handlers, type Host, type Id, on, type Tx } from "#kernel";
import { erase } from "#policy/copies/deleted-users";
import { type video } from "../contract.ts";
import { releaseMedia } from "../media/media-store.ts";
import * as playlistStore from "../playlists/playlist-store.ts";
import type { Publication } from "./publication.ts";
import * as store from "../store.ts";
import type { ViewerAccess } from "../access/viewer-access.ts";

interface Parts
  extends Pick<ViewerAccess, "requireVisible" | "requireOwn">,
    Pick<Publication, "emitPublished" | "emitUpdated" | "releaseIfUnused"> {
  /** Audits an act that matters for security. */
  readonly note: (tx: Tx<store.Tables>, act: string, id: Id, call: Call) => Promise<unknown>;
}

type Nothing = Record<string, never>;
type Commit = (work: (tx: Tx<store.Tables>) => Promise<Nothing>) => Promise<Nothing>;

/** Removal of videos and playlists by their owners, with their accounts, and by moderators, who may restore them. */
export function createVideoRemoval(
  { db, emit, now }: Pick<Host<store.Tables>, "db" | "emit" | "now">,
  { requireVisible, requireOwn, emitPublished, emitUpdated, releaseIfUnused, note }: Parts,
) {
  async function removeRow(tx: Tx<store.Tables>, row: store.Row): Promise<void> {
    const { id: videoId, userId, mediaId, nextMediaId, generation, coverMediaId } = row;
    await store.markDeleted(tx, videoId, now());
    await playlistStore.removeFromPlaylists(tx, videoId);
    await releaseIfUnused(tx, row, nextMediaId);
    const isLastOfMedia = await releaseMedia(tx, mediaId);
    await emit(tx, videoDeleted, videoId, { videoId, userId, mediaId, isLastOfMedia, generation, coverMediaId });
    if (row.publishedAtMs !== null) await emit(tx, metadataDeleted, videoId, { contentId: videoId });
  }

  /** Removes the caller's own video in the transaction that `commit` makes. */
  async function removeOwn(id: Id, call: Call, commit: Commit): Promise<Nothing> {
    await requireVisible(await store.byId(db, id), call, call);
    return commit(async (tx) => {
      await removeRow(tx, requireOwn(await store.lock(tx, id), "delete", call));
      await note(tx, "video.deleted", id, call);
      return {};
    });
  }

  const handlers: Pick<Handlers<typeof video>, "remove"> = {
    remove: ({ id }, call) => removeOwn(id, call, (work) => db.answer(work)),
  };

  return {
    handlers,
    /** As `remove`, within a command that has another answer. */
    removeOne: (id: Id, call: Call) => removeOwn(id, call, (work) => db.tx(work)),
    subscriptions: [
      on(contentRemoved, async (tx: Tx<store.Tables>, { kind, id, reason }) => {
        if (kind === "playlist") await playlistStore.setPlaylistRemoved(tx, id, true);
        if (kind !== "video") return;
        const before = await store.lock(tx, id);
        if (!before || !(await store.takeDown(tx, id, reason))) return;
        await emitUpdated(tx, before, (await store.byId(tx, id)) ?? before, ["status"]);
      }),
      on(contentRestored, async (tx: Tx<store.Tables>, { kind, id }) => {
        if (kind === "playlist") await playlistStore.setPlaylistRemoved(tx, id, false);
        const before = kind === "video" ? await store.lock(tx, id) : undefined;
        if (!before || !(await store.restore(tx, id, now()))) return;
        const row = (await store.byId(tx, id)) ?? before;
        await emitUpdated(tx, before, row, ["status"]);
        if (before.publishedAtMs === null && row.status === store.published) await emitPublished(tx, row);
      }),
      erase("video", emit, async (tx: Tx<store.Tables>, { userId }) => {
        await playlistStore.deletePlaylistsOf(tx, userId);
        for (const { id } of await store.undeletedOfUser(tx, userId)) {
          const row = await store.lock(tx, id);
          if (row) await removeRow(tx, row);
        }
        await store.purgeOwner(tx, userId);
      }),
    ],
  };
}
