import { hashtagCreated } from "#events/hashtag";
import type { Host, Id, Tx } from "#kernel";
import { type KeyedName, keyedNamesOf } from "./names.ts";
import * as store from "./store.ts";

/** A video as its events describe it. */
interface VideoState {
  readonly videoId: Id;
  readonly version: number;
  readonly visibility: string;
  readonly publishedAtMs: number | null;
  readonly hashtags: readonly string[];
}

/** The last state of a deleted video: no event of an earlier version restores it. */
export const deletedVideo = (videoId: Id): VideoState => ({
  videoId,
  version: store.deletedVersion,
  visibility: "private",
  publishedAtMs: null,
  hashtags: [],
});

export interface VideoHashtags {
  /** The hashtags of these names, locked; new ones are created and published. */
  readonly named: (
    tx: Tx<store.Tables>,
    names: readonly (KeyedName & { description?: string })[],
  ) => Promise<{ readonly id: Id; readonly name: string; readonly key: string; readonly isNew: boolean }[]>;
  /** Links a video to its current hashtags, and to no others; yields whether that changed anything. */
  readonly update: (tx: Tx<store.Tables>, videoState: VideoState) => Promise<boolean>;
}

export function createVideoHashtags({
  emit,
  nextId,
  now,
}: Pick<Host<store.Tables>, "emit" | "nextId" | "now">): VideoHashtags {
  async function upsert(tx: Tx<store.Tables>, names: readonly (KeyedName & { description?: string })[]) {
    const hashtags = await store.upsert(
      tx,
      names.map((name) => ({ ...name, id: nextId(), created_at_ms: now() })),
    );
    for (const { id: hashtagId, name, isNew } of hashtags)
      if (isNew) await emit(tx, hashtagCreated, hashtagId, { hashtagId, name });
    return hashtags;
  }

  return {
    named: upsert,

    async update(
      tx: Tx<store.Tables>,
      { hashtags, visibility, videoId, version, ...video }: VideoState,
    ): Promise<boolean> {
      const publishedAtMs = visibility === "public" ? video.publishedAtMs : null;
      const copy = await store.storeVideo(tx, { videoId, version, publishedAtMs });
      if (!copy) return false;
      const before = await store.hashtagsOfVideo(tx, videoId);
      const current = publishedAtMs === null ? [] : keyedNamesOf(hashtags);
      const keys = new Set(current.map(({ key }) => key));
      const dropped = before.filter(({ key }) => !keys.has(key));
      // Together, so that all are locked in one order.
      const all = await upsert(tx, [...current, ...dropped.map(({ key, name }) => ({ key, name }))]);
      const had = new Set(before.map(({ key }) => key));
      const added = all.filter(({ key }) => keys.has(key) && !had.has(key));
      await store.unlink(
        tx,
        videoId,
        dropped.map(({ id }) => id),
        copy,
      );
      await store.link(
        tx,
        videoId,
        added.map(({ id }) => id),
        copy,
      );
      return dropped.length + added.length > 0;
    },
  };
}
