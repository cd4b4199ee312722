import type { Host, Id, Tx } from "#kernel";
import { hashtagCreated } from "./contract.ts";
import { type Named, namedOf } from "./names.ts";
import * as store from "./store.ts";

/** What is told of a video. */
interface Told {
  readonly videoId: Id;
  readonly version: number;
  readonly visibility: string;
  readonly publishedAtMs: number | null;
  readonly hashtags: readonly string[];
}

/** Of a video that is not there any more; nothing that was told of it earlier brings it back. */
export const goneVideo = (videoId: Id): Told => ({
  videoId,
  version: store.goneVersion,
  visibility: "private",
  publishedAtMs: null,
  hashtags: [],
});

export function followingOf({ emit, nextId, now }: Pick<Host<store.Tables>, "emit" | "nextId" | "now">) {
  /** The hashtags of these names, locked; those that are new are told. */
  async function named(tx: Tx<store.Tables>, names: readonly (Named & { description?: string })[]) {
    const hashtags = await store.upsert(
      tx,
      names.map((name) => ({ ...name, id: nextId(), created_at_ms: now() })),
    );
    for (const { id: hashtagId, name, isNew } of hashtags)
      if (isNew) await emit(tx, hashtagCreated, hashtagId, { hashtagId, name });
    return hashtags;
  }

  return {
    named,

    /** Links a video to what it carries by now, and to nothing else; yields whether that changed anything. */
    async follow(tx: Tx<store.Tables>, { hashtags, visibility, videoId, version, ...told }: Told): Promise<boolean> {
      const publishedAtMs = visibility === "public" ? told.publishedAtMs : null;
      const known = await store.note(tx, { videoId, version, publishedAtMs });
      if (!known) return false;
      const before = await store.carried(tx, videoId);
      const wanted = publishedAtMs === null ? [] : namedOf(hashtags);
      const keys = new Set(wanted.map(({ key }) => key));
      const dropped = before.filter(({ key }) => !keys.has(key));
      // Together, so that all are locked in one order.
      const all = await named(tx, [...wanted, ...dropped.map(({ key, name }) => ({ key, name }))]);
      const had = new Set(before.map(({ key }) => key));
      const added = all.filter(({ key }) => keys.has(key) && !had.has(key));
      await store.unlink(
        tx,
        videoId,
        dropped.map(({ id }) => id),
        known,
      );
      await store.link(
        tx,
        videoId,
        added.map(({ id }) => id),
        known,
      );
      return dropped.length + added.length > 0;
    },
  };
}
