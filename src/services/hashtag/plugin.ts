import { callerOf, type Host, on, plugin, type Tx } from "#kernel";
import { hotScoreOf, hotScoreOfDays, valueOf } from "#policy/hot-score";
import { nameKey } from "#kernel/text";
import { userErased } from "#events/auth";
import { hashtagCreated } from "#events/hashtag";
import { activityImported, videoViewed } from "#events/interaction";
import { contentFlagged, flaggedPerson } from "#events/moderation";
import { videoDeleted, videoPublished, videoUpdated } from "#events/video";
import { erase } from "#policy/copies/deleted-users";
import { createFlagCheck } from "#policy/copies/blocklist";
import { mustNotBeMuted } from "#policy/copies/mutes";
import { video } from "#services/video/contract";
import { deletedUsers } from "#policy/copies/deleted-users";
import { mutes } from "#policy/copies/mutes";
import { blocklist } from "#policy/copies/blocklist";
import { type Hashtag, HashtagNotFound, hashtag } from "./contract.ts";
import { projectionsOf } from "./projections.ts";
import { createVideoHashtags, deletedVideo } from "./video-hashtags.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import * as store from "./store.ts";

/** On a quiet instance no hashtag is hot. */
const hotScoreMin = 10;

export const hashtagPlugin = plugin({
  contract: hashtag,
  needs: [video],
  migrations,
  partitionKeys,
  copies: [deletedUsers, mutes, blocklist],
  events: [contentFlagged, hashtagCreated, userErased],
  start(host: Host<store.Tables>) {
    const { db, emit, now } = host;
    const flag = createFlagCheck(db);
    const presentHashtag = <Row extends store.Row>({ hotScore: stored, isAmongHottest, ...row }: Row) => {
      const hotScore = valueOf(stored, now());
      return { ...row, hotScore, isHot: isAmongHottest && hotScore >= hotScoreMin };
    };
    const presentFound = (row: store.Row | undefined): Hashtag => {
      if (!row) throw HashtagNotFound({});
      return presentHashtag(row);
    };

    const videoHashtags = createVideoHashtags(host);
    const videosOf = store.listsOfVideos(db);

    return {
      handlers: {
        async create({ name, description }, call) {
          const key = nameKey(name);
          const existing = await store.byKey(db, key);
          // A hashtag that exists is no post: there is nothing to check.
          if (existing) return presentHashtag(existing);
          const userId = callerOf(call);
          await mustNotBeMuted(db, userId, now());
          const texts = [name, description];
          const heldFor = await flag(texts, call);
          await db.tx(async (tx) => {
            await videoHashtags.named(tx, [{ key, name, description }]);
            if (heldFor !== undefined)
              await emit(tx, contentFlagged, userId, flaggedPerson(userId, texts, heldFor, now()));
          });
          return presentFound(await store.byKey(db, key));
        },
        get: async ({ id }, call) => presentFound(await store.byId(db.read(call), id)),
        byName: async ({ name }, call) => presentFound(await store.byKey(db.read(call), nameKey(name))),
        hot: async ({ limit }, call) => ({ items: (await store.hottest(db.read(call), limit)).map(presentHashtag) }),
        trending: async ({ limit }, call) => ({
          items: (await store.trending(db.read(call), limit)).map(presentHashtag),
        }),

        async videos({ id, sort, ...page }, call) {
          const { items, ...paging } = await videosOf[sort]({ hashtagId: id }, page, call);
          // A hashtag with videos exists.
          if (items.length === 0) presentFound(await store.byId(db.read(call), id));
          return { ...paging, items: items.map(({ videoId }) => ({ videoId })) };
        },

        briefs: async ({ ids }, call) => ({ items: (await store.byIds(db.read(call), ids)).map(presentHashtag) }),
        batch: async ({ after, limit }) => ({ items: await store.batch(db, after, limit) }),
      },

      subscriptions: [
        // Only its copies name users.
        erase("hashtag", emit, async () => undefined),
        on(videoPublished, async (tx: Tx<store.Tables>, payload) => void (await videoHashtags.update(tx, payload))),
        on(videoUpdated, async (tx: Tx<store.Tables>, payload) => void (await videoHashtags.update(tx, payload))),
        on(
          videoDeleted,
          async (tx: Tx<store.Tables>, { videoId }) => void (await videoHashtags.update(tx, deletedVideo(videoId))),
        ),
        on(videoViewed, (tx: Tx<store.Tables>, { videoId }) =>
          store.countViews(tx, videoId, { views: 1, hotScore: hotScoreOf(1, now()) }),
        ),
        on(activityImported, (tx: Tx<store.Tables>, { videoId, days }) =>
          store.countViews(tx, videoId, {
            views: days.reduce((sum, { views }) => sum + views, 0),
            hotScore: hotScoreOfDays(days.map(({ day, views }) => ({ day, weight: views }))),
          }),
        ),
      ],
    };
  },
  projections: projectionsOf,
});
