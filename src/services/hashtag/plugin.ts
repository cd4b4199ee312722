import { type Host, type Id, on, plugin, type Tx } from "#kernel";
import { scoreOf } from "#kernel/db/heat";
import { nameKey } from "#kernel/text";
import { videoViewed } from "#services/interaction/contract";
import { videoDeleted, videoPublished, videoUpdated } from "#services/video/contract";
import { type Hashtag, HashtagNotFound, hashtag, hashtagCreated } from "./contract.ts";
import { type Named, namedOf } from "./linking.ts";
import { migrations } from "./migrations.ts";
import * as store from "./store.ts";

/** Less is going on around everything for a while. */
const hotScoreMin = 10;

interface Told {
  readonly videoId: Id;
  readonly version: number;
  /** Null where it is not shown to everybody. */
  readonly publishedAtMs: number | null;
  readonly hashtags: readonly string[];
}

export const hashtagPlugin = plugin({
  contract: hashtag,
  needs: [],
  migrations,
  events: [hashtagCreated],
  start({ db, emit, nextId, now }: Host<store.Tables>) {
    const shown = ({ heat, isAmongHottest, ...row }: store.Row): Hashtag => {
      const hotScore = scoreOf(heat, now());
      return { ...row, hotScore, isHot: isAmongHottest && hotScore >= hotScoreMin };
    };
    const found = (row: store.Row | undefined): Hashtag => {
      if (!row) throw HashtagNotFound({});
      return shown(row);
    };

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

    /** Links a video to what it carries by now, and to nothing else. */
    async function follow(tx: Tx<store.Tables>, { hashtags, ...told }: Told): Promise<void> {
      const known = await store.note(tx, told);
      if (!known) return;
      const before = await store.carried(tx, told.videoId);
      const wanted = told.publishedAtMs === null ? [] : namedOf(hashtags);
      const keys = new Set(wanted.map(({ key }) => key));
      const dropped = before.filter(({ key }) => !keys.has(key));
      // Together, so that all are locked in one order.
      const all = await named(tx, [...wanted, ...dropped.map(({ key, name }) => ({ key, name }))]);
      const had = new Set(before.map(({ key }) => key));
      const added = all.filter(({ key }) => keys.has(key) && !had.has(key));
      await store.unlink(
        tx,
        told.videoId,
        dropped.map(({ id }) => id),
        known,
      );
      await store.link(
        tx,
        told.videoId,
        added.map(({ id }) => id),
        known,
      );
    }

    return {
      handlers: {
        async create({ name, description }) {
          const key = nameKey(name);
          await db.tx((tx) => named(tx, [{ key, name, description }]));
          return found(await store.byKey(db, key));
        },
        get: async ({ id }) => found(await store.byId(db, id)),
        byName: async ({ name }) => found(await store.byKey(db, nameKey(name))),
        hot: async ({ limit }) => ({ items: (await store.hottest(db, limit)).map(shown) }),

        async videos({ id, sort, ...page }) {
          found(await store.byId(db, id));
          const { items, ...rest } = await store.videosOf(db, id, sort, page);
          return { ...rest, items: items.map(({ videoId }) => ({ videoId })) };
        },

        briefs: async ({ ids }) => ({ items: (await store.byIds(db, ids)).map(shown) }),
        batch: async ({ after, limit }) => ({ items: await store.batch(db, after, limit) }),
      },

      subscriptions: [
        on(videoPublished, (tx: Tx<store.Tables>, { visibility, publishedAtMs, ...told }) =>
          follow(tx, { ...told, publishedAtMs: visibility === "public" ? publishedAtMs : null }),
        ),
        on(videoUpdated, (tx: Tx<store.Tables>, { visibility, publishedAtMs, ...told }) =>
          follow(tx, { ...told, publishedAtMs: visibility === "public" ? publishedAtMs : null }),
        ),
        on(videoDeleted, (tx: Tx<store.Tables>, { videoId }) =>
          follow(tx, { videoId, version: store.goneVersion, publishedAtMs: null, hashtags: [] }),
        ),
        on(videoViewed, (tx: Tx<store.Tables>, { videoId }) => store.view(tx, videoId, now())),
      ],

      async *verify() {
        for (const { id, what, counted, rows } of await store.drifted(db))
          yield `the ${what} of hashtag ${id} are counted as ${counted} and there are ${rows}`;
      },
    };
  },
});
