import type { Host, Id, Tx } from "#kernel";
import { videoMediaReleased, videoMediaReplaced } from "../contract.ts";
import { releaseMedia } from "../media/media-store.ts";
import * as store from "../store.ts";
import { videoEvents } from "./events.ts";

/** What becomes of videos as their media can be played. */
export function showing({ emit, now }: Pick<Host<store.Tables>, "emit" | "now">) {
  const { tellPublished, tellUpdated } = videoEvents({ emit, now });

  async function release(
    tx: Tx<store.Tables>,
    { id: videoId, userId }: Pick<store.Row, "id" | "userId">,
    mediaId: Id | null,
  ): Promise<void> {
    if (mediaId !== null && (await releaseMedia(tx, mediaId)))
      await emit(tx, videoMediaReleased, videoId, { videoId, userId, mediaId });
  }

  /** From here on the video shows this media object. Its own addresses end with its generation. */
  async function showMedia(tx: Tx<store.Tables>, before: store.Row, mediaId: Id): Promise<store.Row> {
    const { id: videoId, userId, mediaId: formerMediaId, nextMediaId } = before;
    await store.showMedia(tx, videoId, mediaId, now());
    await emit(tx, videoMediaReplaced, videoId, { videoId, userId, mediaId, formerMediaId });
    const row = (await store.byId(tx, videoId)) ?? before;
    await tellUpdated(tx, before, row, ["media"]);
    if (before.publishedAtMs === null && row.status === store.published) await tellPublished(tx, row);
    await release(tx, row, formerMediaId);
    if (nextMediaId !== mediaId) await release(tx, row, nextMediaId);
    return row;
  }

  /** It can be played, or more is known of it: what waits for it is shown from here on. */
  async function mediaIsReady(tx: Tx<store.Tables>, mediaId: Id): Promise<void> {
    for (const row of await store.settle(tx, mediaId, store.published, now()))
      if (row.status === store.published) await tellPublished(tx, row);
    for (const { id } of await store.awaiting(tx, mediaId)) {
      // It may have begun to wait since, and been given something else.
      const row = await store.lock(tx, id);
      if (row?.nextMediaId === mediaId) await showMedia(tx, row, mediaId);
    }
  }

  /** It could not be processed, and neither can what shows it be watched. */
  const mediaHasFailed = (tx: Tx<store.Tables>, mediaId: Id) => store.settle(tx, mediaId, store.failed, null);

  return { tellPublished, tellUpdated, release, showMedia, mediaIsReady, mediaHasFailed };
}
