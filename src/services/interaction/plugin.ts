import { gateGranted, gateOpened, gateRevoked } from "#events/gate";
import * as gateStore from "./gates/gate-store.ts";
import { createGateHandlers } from "./gates/handlers.ts";
import { userErased } from "#events/auth";
import { contentApproved, contentFlagged, contentRemoved, contentRestored } from "#events/moderation";
import { videoDeleted, videoPublished, videoUpdated } from "#events/video";
import {
  activityImported,
  commentCreated,
  commentDeleted,
  commentEdited,
  commentLiked,
  commentUnliked,
  danmakuCreated,
  historyCleared,
  videoFavorited,
  videoLiked,
  videoShared,
  videoUnfavorited,
  videoUnliked,
  videoViewed,
  videoWatched,
} from "#events/interaction";
import { audited, Gather, type Host, on, plugin, type Subscription, type Tx, handlersOf, joinHandlers } from "#kernel";
import { erase } from "#policy/copies/deleted-users";
import { live } from "#services/live/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { deletedUsers } from "#policy/copies/deleted-users";
import { mutes } from "#policy/copies/mutes";
import { blocklist } from "#policy/copies/blocklist";
import { createComments } from "./comments/comments.ts";
import { publishHeldComment } from "./comments/creation.ts";
import { eraseComments, setCommentAside } from "./comments/removal.ts";
import { interaction } from "./contract.ts";
import { createLiveChat } from "./danmaku/live-chat.ts";
import { createDanmaku } from "./danmaku/danmaku.ts";
import { createAnalytics, daysKept } from "./analytics/analytics.ts";
import { createDays, createWatching } from "./analytics/daily.ts";
import { dayOf } from "./analytics/day-store.ts";
import { createImportedActivity } from "./imported-activity.ts";
import * as followerStore from "./analytics/new-follower-store.ts";
import { followerSubscriptions } from "./analytics/new-followers.ts";
import { deleteBefore } from "./analytics/play-store.ts";
import { projectionsOf } from "./projections.ts";
import * as commentStore from "./comments/comment-store.ts";
import * as danmakuStore from "./danmaku/danmaku-store.ts";
import { createFavorites } from "./favorites/favorites.ts";
import { createFolders } from "./favorites/folders.ts";
import * as favoriteStore from "./favorites/favorite-store.ts";
import { createLikes } from "./likes/likes.ts";
import * as likeStore from "./likes/like-store.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import { createViewerAccess } from "./access.ts";
import { createPostingPolicy } from "./posting/posting-policy.ts";
import { createOwnPosts } from "./own-posts.ts";
import * as postStore from "./posting/post-store.ts";
import * as store from "./store.ts";
import { createSweep } from "./sweep.ts";
import { createBegunVideos } from "./history/begun-videos.ts";
import { createWatchHistory } from "./history/watch-history.ts";
import * as watchStore from "./history/watch-store.ts";

const viewKeepMs = 24 * 3_600_000;
/** Far longer than any call takes. */
const tombstoneKeepMs = 24 * 3_600_000;

/** Comments and danmaku are shown, set aside and restored as moderators decide. */
const decisionSubscriptions = (host: Host<store.Tables>): readonly Subscription<store.Tables>[] => [
  on(contentApproved, async (tx: Tx<store.Tables>, { kind, id }) => {
    if (kind === "comment") await publishHeldComment(host, tx, id);
  }),
  on(contentRemoved, async (tx: Tx<store.Tables>, { kind, id }) => {
    if (kind === "comment") await setCommentAside(host, tx, id);
    if (kind === "danmaku") await danmakuStore.setAside(tx, id);
  }),
  on(contentRestored, async (tx: Tx<store.Tables>, { kind, id }) => {
    if (kind === "comment") await commentStore.restore(tx, id);
    if (kind === "danmaku") await danmakuStore.restore(tx, id);
  }),
];

export const interactionPlugin = plugin({
  contract: interaction,
  needs: [video, user, relation, live],
  migrations,
  partitionKeys,
  copies: [deletedUsers, mutes, blocklist],
  events: [
    audited,
    gateGranted,
    gateRevoked,
    gateOpened,
    contentFlagged,
    userErased,
    videoLiked,
    videoUnliked,
    videoFavorited,
    videoUnfavorited,
    videoShared,
    videoViewed,
    videoWatched,
    historyCleared,
    activityImported,
    commentCreated,
    commentDeleted,
    commentEdited,
    commentLiked,
    commentUnliked,
    danmakuCreated,
  ],
  start(host: Host<store.Tables>) {
    const { db, emit, now } = host;
    const access = createViewerAccess(host);
    const states = new Gather(db, store.states);
    const posting = createPostingPolicy(host);
    const sweep = createSweep(host);
    const liveChat = createLiveChat(host);
    const gates = createGateHandlers(host, access);
    return {
      handlers: joinHandlers(
        gates.handlers,
        createLikes(host, access),
        createFavorites(host, access),
        createFolders(host, access, posting),
        createComments(host, access, posting),
        createDanmaku(host, access, posting),
        createOwnPosts(host),
        createWatchHistory(host, access, gates),
        createAnalytics(host, access),
        createBegunVideos(host),
        createDays(host, access),
        createImportedActivity(host, access),
        createWatching(host),
        handlersOf(interaction, {
          async states({ videoIds }, call) {
            const viewer = call.userId;
            const requests = videoIds.map((videoId) => ({ videoId, viewer }));
            const rows = await states.all(requests, call);
            return { items: rows.filter((state) => state !== undefined) };
          },
          batch: async ({ kind, after, limit }) => ({ items: await postStore.batch(db, kind, after, limit) }),
          authorCounts: async ({ userIds }, call) => ({ items: await store.authorCounts(db.read(call), userIds) }),
        }),
      ),

      subscriptions: [
        on(videoPublished, async (tx: Tx<store.Tables>, fact) => void (await store.storeVideo(tx, store.copyOf(fact)))),
        on(videoUpdated, async (tx: Tx<store.Tables>, fact) => void (await store.storeVideo(tx, store.copyOf(fact)))),
        on(videoDeleted, (tx: Tx<store.Tables>, { videoId }) => store.deleteVideo(tx, videoId, now())),
        ...decisionSubscriptions(host),
        ...followerSubscriptions,
        ...liveChat.subscriptions,
        sweep.subscription,
        erase("interaction", emit, async (tx: Tx<store.Tables>, { userId }) => {
          await likeStore.deleteLikesOf(tx, userId);
          await favoriteStore.deleteFavoritesOf(tx, userId);
          await eraseComments(host, tx, userId);
          await danmakuStore.deleteUser(tx, userId);
          await watchStore.deleteViewer(tx, userId);
          await followerStore.deleteUser(tx, userId);
          await gateStore.deleteUser(tx, userId);
        }),
      ],

      jobs: [...liveChat.jobs, sweep.jobKind],

      schedules: [
        {
          name: "interaction.views",
          pattern: "37 * * * *",
          run: () =>
            db.tx(async (tx) => {
              await watchStore.deleteViews(tx, now() - viewKeepMs);
              await store.deleteTombstones(tx, now() - tombstoneKeepMs);
              await store.deleteEmptyCounts(tx);
              await deleteBefore(tx, dayOf(now()) - daysKept);
              await gateStore.deleteExpiredLinks(tx, now());
            }),
        },
      ],
    };
  },
  projections: projectionsOf,
});
