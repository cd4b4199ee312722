import { type Handlers, type Host, type Id, on, type Tx } from "#kernel";
import { mediaFailed, mediaReady } from "#services/media/contract";
import { MediaMissing, type video } from "../contract.ts";
import { noteMedia } from "../media/media-store.ts";
import type { ownMedia } from "../media/own-media.ts";
import type { showing } from "./publication.ts";
import { shown } from "../lists/presenter.ts";
import * as store from "../store.ts";
import type { watching } from "../access/viewer-access.ts";

interface Parts
  extends Pick<ReturnType<typeof watching>, "seen" | "mine">,
    Pick<ReturnType<typeof showing>, "release" | "showMedia"> {
  readonly own: ReturnType<typeof ownMedia>;
}

/** Another film in place of the one a video shows; that stays until the other can be played. */
export function replacing(
  { db }: Pick<Host<store.Tables>, "db">,
  { seen, mine, release, showMedia, own }: Parts,
): Pick<Handlers<typeof video>, "replaceMedia" | "keepMedia"> {
  /** What it awaited before is let go. */
  async function awaitMedia(tx: Tx<store.Tables>, before: store.Row, mediaId: Id | null): Promise<store.Row> {
    if (before.nextMediaId === mediaId) return before;
    await store.awaitMedia(tx, before.id, mediaId);
    await release(tx, before, before.nextMediaId);
    return (await store.byId(tx, before.id)) ?? before;
  }

  return {
    async replaceMedia({ id, mediaId }, call) {
      const found = await seen(await store.byId(db, id), call, call);
      mine(found.row, "change", call);
      const known = await own.film(mediaId, call);
      return db.tx(async (tx) => {
        const before = mine(await store.lock(tx, id), "change", call);
        const { state, isReleased } = await noteMedia(tx, mediaId, known);
        if (isReleased) throw MediaMissing({});
        const isNew = mediaId !== before.mediaId;
        if (isNew && state === "ready") return shown(await showMedia(tx, before, mediaId), call);
        return shown(await awaitMedia(tx, before, isNew ? mediaId : null), call);
      });
    },

    async keepMedia({ id }, call) {
      await seen(await store.byId(db, id), call, call);
      return db.tx(async (tx) =>
        shown(await awaitMedia(tx, mine(await store.lock(tx, id), "change", call), null), call),
      );
    },
  };
}

/** What is heard of media objects: from then on they are shown, or can never be. */
export const ofMedia = ({
  mediaIsReady,
  mediaHasFailed,
}: Pick<ReturnType<typeof showing>, "mediaIsReady" | "mediaHasFailed">) => [
  on(mediaReady, async (tx: Tx<store.Tables>, { mediaId, width, height, durationMs, sizeBytes, hasCover }) => {
    await store.lockConcerned(tx, mediaId);
    await noteMedia(tx, mediaId, { state: "ready", width, height, durationMs, sizeBytes, hasCover });
    await mediaIsReady(tx, mediaId);
  }),
  on(mediaFailed, async (tx: Tx<store.Tables>, { mediaId, error, message }) => {
    await store.lockConcerned(tx, mediaId);
    const { state } = await noteMedia(tx, mediaId, { state: "failed", error, message });
    if (state === "failed") await mediaHasFailed(tx, mediaId);
  }),
];
