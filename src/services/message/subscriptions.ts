import { accountAlerted, userDeleted, userRegistered } from "#events/auth";
import { commentCreated, commentDeleted, commentLiked, videoLiked } from "#events/interaction";
import { liveDeleted, liveStarted, liveUpdated } from "#events/live";
import { contentRemoved, contentRestored, decisionMade } from "#events/moderation";
import { followRequested, userBlocked, userFollowed } from "#events/relation";
import { videoDeleted, videoPublished, videoUpdated } from "#events/video";
import { type Host, on, onAll, type Subscription, type Tx } from "#kernel";
import * as conversationStore from "./conversations/conversation-store.ts";
import {
  alertedOf,
  commentLikedOf,
  decidedOf,
  type Fact,
  followedOf,
  followRequestedOf,
  likedOf,
  commentedOf,
  welcomeOf,
} from "./notifications/facts.ts";
import * as forgetStore from "./erasure-store.ts";
import type { Delivery } from "./notifications/delivery.ts";
import * as notificationStore from "./notifications/notification-store.ts";
import { notifiesFollowers } from "./notifications/recipients.ts";
import * as store from "./store.ts";

type Db = Tx<store.Tables>;

/** Visibilities under which notifications about a video stay with everybody. */
const shownByAddress: ReadonlySet<string> = new Set(["public", "unlisted"]);

/** Notifications follow the events of other services. */
export function subscriptionsOf(
  { jobs, now }: Pick<Host<store.Tables>, "jobs" | "now">,
  delivery: Delivery,
): Subscription<store.Tables>[] {
  return [...factSubscriptions({ jobs }, delivery), ...removalSubscriptions({ jobs, now }, delivery)];
}

/** Events that notify users. */
function factSubscriptions(
  { jobs }: Pick<Host<store.Tables>, "jobs">,
  delivery: Delivery,
): Subscription<store.Tables>[] {
  /** Facts that need checks by other services are delivered by a job: no network inside a transaction. */
  const enqueue = async (tx: Db, facts: readonly Fact[]) => {
    const factsByOthers = facts.filter(({ userId, senderId }) => userId !== senderId);
    if (factsByOthers.length > 0) await jobs.add(tx, "notify", { payload: { facts: factsByOthers } });
  };

  return [
    onAll(videoLiked, (tx: Db, all) =>
      enqueue(
        tx,
        all.flatMap(({ authorId, ...like }) => (authorId === undefined ? [] : [likedOf({ ...like, authorId })])),
      ),
    ),
    on(commentCreated, (tx: Db, comment) => enqueue(tx, commentedOf(comment))),
    on(commentLiked, (tx: Db, liked) => enqueue(tx, [commentLikedOf(liked)])),
    on(userFollowed, async (tx: Db, pair) => {
      // Following a user accepts their message request.
      const [side] = await conversationStore.sidesWith(tx, pair.userId, [pair.targetId]);
      if (side?.isRequest) await conversationStore.accept(tx, pair.userId, side.id);
      // The user accepted the request, and knows of the follower.
      if (pair.isApproved !== true) await enqueue(tx, [followedOf(pair)]);
    }),
    on(followRequested, (tx: Db, pair) => enqueue(tx, [followRequestedOf(pair)])),
    on(userRegistered, async (tx: Db, { userId }) => void (await delivery.deliver(tx, [welcomeOf(userId)]))),
    on(accountAlerted, async (tx: Db, alert) => void (await delivery.deliver(tx, [alertedOf(alert)]))),
    on(decisionMade, async (tx: Db, decision) => void (await delivery.deliver(tx, [decidedOf(decision)]))),
    on(videoPublished, async (tx: Db, { videoId, userId, title, visibility }) => {
      if (notifiesFollowers.has(visibility))
        await jobs.add(tx, "publish", { payload: { videoId, userId, title }, uniqueKey: String(videoId) });
    }),
    on(liveStarted, async (tx: Db, { liveId, ownerId, title, visibility, notifiesFollowers: isWanted }) => {
      if (isWanted && notifiesFollowers.has(visibility))
        await jobs.add(tx, "live", { payload: { liveId, ownerId, title }, uniqueKey: String(liveId) });
    }),
  ];
}

/** Events after which notifications are deleted, or marked. */
const removalSubscriptions = (
  { jobs, now }: Pick<Host<store.Tables>, "jobs" | "now">,
  delivery: Delivery,
): Subscription<store.Tables>[] => [
  on(videoUpdated, async (tx: Db, { videoId, userId, changed, visibility, publishedAtMs }) => {
    const isFewer = changed.includes("visibility") && !shownByAddress.has(visibility);
    const isUnpublished = changed.includes("status") && publishedAtMs === null;
    if (!isFewer && !isUnpublished) return;
    await jobs.add(tx, "drop", { payload: { videoId, exceptOf: userId } });
  }),
  on(videoDeleted, async (tx: Db, { videoId }) => {
    await store.addTombstone(tx, "video", videoId, now());
    await jobs.add(tx, "drop", { payload: { videoId, exceptOf: null } });
  }),
  on(liveUpdated, async (tx: Db, { liveId, status, visibility }) => {
    if (status === "waiting" || notifiesFollowers.has(visibility) || visibility === "unlisted") return;
    await jobs.add(tx, "drop-live", { payload: { liveId } });
  }),
  on(liveDeleted, async (tx: Db, { liveId }) => {
    await store.addTombstone(tx, "live", liveId, now());
    await jobs.add(tx, "drop-live", { payload: { liveId } });
  }),
  on(commentDeleted, async (tx: Db, { commentId }) => {
    await store.addTombstone(tx, "comment", commentId, now());
    await delivery.publishChange(tx, await notificationStore.dropComment(tx, commentId));
  }),
  on(userBlocked, async (tx: Db, { userId, targetId }) => {
    await delivery.publishChange(tx, await notificationStore.dropBetween(tx, userId, targetId));
  }),
  on(contentRemoved, async (tx: Db, { kind, id }) => {
    if (kind === "message") await conversationStore.setRemoved(tx, id, true);
  }),
  on(contentRestored, async (tx: Db, { kind, id }) => {
    if (kind === "message") await conversationStore.setRemoved(tx, id, false);
    // Later facts about the comment notify again.
    if (kind === "comment") await store.deleteTombstone(tx, "comment", id);
  }),
  on(userDeleted, async (tx: Db, { userId }) => {
    await store.addTombstone(tx, "user", userId, now());
    await forgetStore.markDeleted(tx, userId, now());
    await jobs.add(tx, "forget", { payload: { userId }, uniqueKey: String(userId) });
  }),
];
