import { videoMediaReleased, videoMediaReplaced } from "#events/video";
import type { Host, Id, Tx } from "#kernel";
import { releaseMedia } from "../media/media-store.ts";
import * as store from "../store.ts";
import { createVideoEvents, type VideoEvents } from "../events.ts";

/** Applies the state of media objects to the videos that show them. */
export interface Publication extends Pick<VideoEvents, "emitPublished" | "emitUpdated"> {
  /** Releases a media object that no video shows or awaits any more. */
  readonly releaseIfUnused: (
    tx: Tx<store.Tables>,
    row: Pick<store.Row, "id" | "userId">,
    mediaId: Id | null,
  ) => Promise<void>;
  /** Shows another media object. The addresses of the video end with its generation. */
  readonly showMedia: (tx: Tx<store.Tables>, before: store.Row, mediaId: Id) => Promise<store.Row>;
  /** Publishes the videos that wait for a media object which can be played now. */
  readonly applyReady: (tx: Tx<store.Tables>, mediaId: Id) => Promise<void>;
  /** Fails the videos that wait for a media object which could not be processed. */
  readonly applyFailure: (tx: Tx<store.Tables>, mediaId: Id) => Promise<{ readonly id: Id; readonly status: number }[]>;
}

export function createPublication({ emit, now }: Pick<Host<store.Tables>, "emit" | "now">): Publication {
  const { emitPublished, emitUpdated } = createVideoEvents({ emit, now });

  async function releaseIfUnused(
    tx: Tx<store.Tables>,
    { id: videoId, userId }: Pick<store.Row, "id" | "userId">,
    mediaId: Id | null,
  ): Promise<void> {
    if (mediaId !== null && (await releaseMedia(tx, mediaId)))
      await emit(tx, videoMediaReleased, videoId, { videoId, userId, mediaId });
  }

  async function showMedia(tx: Tx<store.Tables>, before: store.Row, mediaId: Id): Promise<store.Row> {
    const { id: videoId, userId, mediaId: formerMediaId, nextMediaId } = before;
    await store.showMedia(tx, videoId, mediaId, now());
    await emit(tx, videoMediaReplaced, videoId, { videoId, userId, mediaId, formerMediaId });
    const row = (await store.byId(tx, videoId)) ?? before;
    await emitUpdated(tx, before, row, ["media"]);
    if (before.publishedAtMs === null && row.status === store.published) await emitPublished(tx, row);
    await releaseIfUnused(tx, row, formerMediaId);
    if (nextMediaId !== mediaId) await releaseIfUnused(tx, row, nextMediaId);
    return row;
  }

  async function applyReady(tx: Tx<store.Tables>, mediaId: Id): Promise<void> {
    const changed = await store.setStatusByMedia(tx, mediaId, store.published, now());
    const ids = changed.filter(({ status }) => status === store.published).map(({ id }) => id);
    for (const row of ids.length > 0 ? await store.byIds(tx, ids) : []) await emitPublished(tx, row);
    for (const { id } of await store.awaiting(tx, mediaId)) {
      // The replacement may have been changed meanwhile.
      const row = await store.lock(tx, id);
      if (row?.nextMediaId === mediaId) await showMedia(tx, row, mediaId);
    }
  }

  const applyFailure = (tx: Tx<store.Tables>, mediaId: Id) => store.setStatusByMedia(tx, mediaId, store.failed, null);

  return { emitPublished, emitUpdated, releaseIfUnused, showMedia, applyReady, applyFailure };
}
