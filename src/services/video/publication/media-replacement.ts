import { mediaFailed, mediaReady } from "#events/media";
import { type Handlers, type Host, type Id, on, type Tx } from "#kernel";
import { MediaMissing, type video } from "../contract.ts";
import { chaptersJson } from "../details/chapters.ts";
import { recordMedia } from "../media/media-store.ts";
import type { OwnMedia } from "../media/own-media.ts";
import type { Publication } from "./publication.ts";
import { presentVideo } from "../lists/presenter.ts";
import * as store from "../store.ts";
import type { ViewerAccess } from "../access/viewer-access.ts";

interface Parts
  extends Pick<ViewerAccess, "requireVisible" | "requireOwn">,
    Pick<Publication, "releaseIfUnused" | "showMedia"> {
  readonly ownFiles: OwnMedia;
}

/** Replaces the media object of a video; the old one stays until the new one can be played. */
export function createMediaReplacement(
  { db }: Pick<Host<store.Tables>, "db">,
  { requireVisible, requireOwn, releaseIfUnused, showMedia, ownFiles }: Parts,
): Pick<Handlers<typeof video>, "replaceMedia" | "keepMedia"> {
  /** Awaits another media object, and releases the one that was awaited before. */
  async function awaitMedia(tx: Tx<store.Tables>, before: store.Row, mediaId: Id | null): Promise<store.Row> {
    if (before.nextMediaId === mediaId) return before;
    await store.awaitMedia(tx, before.id, mediaId);
    await releaseIfUnused(tx, before, before.nextMediaId);
    return (await store.byId(tx, before.id)) ?? before;
  }

  return {
    async replaceMedia({ id, mediaId }, call) {
      const { row } = await requireVisible(await store.byId(db, id), call, call);
      requireOwn(row, "change", call);
      const media = await ownFiles.film(mediaId, call);
      return db.tx(async (tx) => {
        const before = requireOwn(await store.lock(tx, id), "change", call);
        const { state, isReleased } = await recordMedia(tx, mediaId, media);
        if (isReleased) throw MediaMissing({});
        const isNew = mediaId !== before.mediaId;
        if (isNew && state === "ready") return presentVideo(await showMedia(tx, before, mediaId), call);
        return presentVideo(await awaitMedia(tx, before, isNew ? mediaId : null), call);
      });
    },

    async keepMedia({ id }, call) {
      await requireVisible(await store.byId(db, id), call, call);
      return db.tx(async (tx) =>
        presentVideo(await awaitMedia(tx, requireOwn(await store.lock(tx, id), "change", call), null), call),
      );
    },
  };
}

/** Subscriptions to the outcome of processing media objects. */
export const mediaSubscriptions = ({ applyReady, applyFailure }: Pick<Publication, "applyReady" | "applyFailure">) => [
  on(mediaReady, async (tx: Tx<store.Tables>, { mediaId, chapters: fileChapters, ...ready }) => {
    await store.lockByMedia(tx, mediaId);
    const { width, height, durationMs, sizeBytes, hasCover } = ready;
    const chapters = chaptersJson(fileChapters);
    await recordMedia(tx, mediaId, { state: "ready", width, height, durationMs, sizeBytes, hasCover, chapters });
    await applyReady(tx, mediaId);
  }),
  on(mediaFailed, async (tx: Tx<store.Tables>, { mediaId, error, message }) => {
    await store.lockByMedia(tx, mediaId);
    const { state } = await recordMedia(tx, mediaId, { state: "failed", error, message });
    if (state === "failed") await applyFailure(tx, mediaId);
  }),
];
