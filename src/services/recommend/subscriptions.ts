import {
  activityImported,
  commentCreated,
  historyCleared,
  videoFavorited,
  videoLiked,
  videoShared,
  videoUnfavorited,
  videoUnliked,
  videoViewed,
  videoWatched,
} from "#events/interaction";
import { userFollowed } from "#events/relation";
import { videoDeleted, videoPublished, videoUpdated } from "#events/video";
import { type Host, type Id, on, onAll, type Subscription, type Tx } from "#kernel";
import { deletedAmong, erase } from "#policy/copies/deleted-users";
import { activityOf, type Fact, importedActivityOf, type Kind } from "./activity.ts";
import { lockCounts, storeActivity } from "./activity-store.ts";
import { candidateOf } from "./candidate.ts";
import * as notInterestedStore from "./exclusions/not-interested-store.ts";
import { trustOf } from "./model/trust.ts";
import * as signalStore from "./signals/signal-store.ts";
import * as store from "./store.ts";
import * as viewerStore from "./viewers/viewer-store.ts";

type Db = Tx<store.Tables>;

/** The copy of videos follows the video service, and its counts the events of interaction. */
export function subscriptionsOf({ emit, now }: Pick<Host<store.Tables>, "emit" | "now">): Subscription<store.Tables>[] {
  const count = (kind: Kind) => async (tx: Db, facts: readonly Fact[]) => {
    const videoIds = new Set<Id>(facts.map(({ videoId }) => videoId));
    const counted = await lockCounts(tx, [...videoIds]);
    const nowMs = now();
    const siteSinceMs = await store.firstPublication(tx, nowMs);
    const trust = (userId: Id) => trustOf(userId, { nowMs, siteSinceMs });
    await storeActivity(tx, activityOf(kind, facts, counted, { nowMs, trust }));
  };
  const act =
    (name: signalStore.Act, isDone: boolean) =>
    async (tx: Db, facts: readonly Done[]): Promise<void> => {
      const byUsers = facts.flatMap(({ userId, ...fact }) => (userId === undefined ? [] : [{ ...fact, userId }]));
      await signalStore.setActs(tx, name, await lastOfEach(tx, byUsers), isDone);
    };
  return [
    on(videoPublished, async (tx: Db, video) => void (await store.storeCandidate(tx, candidateOf(video)))),
    on(videoUpdated, async (tx: Db, video) => void (await store.storeCandidate(tx, candidateOf(video)))),
    on(videoDeleted, async (tx: Db, { videoId }) => {
      await store.deleteCandidate(tx, videoId);
      await notInterestedStore.deleteVideo(tx, videoId);
      await signalStore.deleteVideo(tx, videoId);
    }),
    erase("recommend", emit, async (tx: Db, { userId }) => {
      await notInterestedStore.deleteUser(tx, userId);
      await signalStore.deleteSignals(tx, userId);
      await viewerStore.deleteUser(tx, userId);
    }),
    onAll(videoViewed, count("view")),
    on(activityImported, async (tx: Db, { videoId, days }) => {
      await storeActivity(tx, importedActivityOf(days, await lockCounts(tx, [videoId])));
    }),
    onAll(videoLiked, both(count("like"), act("is_liked", true))),
    onAll(videoUnliked, both(count("unlike"), act("is_liked", false))),
    onAll(videoShared, both(count("share"), act("is_shared", true))),
    onAll(videoFavorited, act("is_favorited", true)),
    onAll(videoUnfavorited, act("is_favorited", false)),
    onAll(commentCreated, act("is_commented", true)),
    onAll(videoWatched, async (tx: Db, watches) => {
      const deleted = await deletedAmong(
        tx,
        watches.map(({ userId }) => userId),
      );
      const rows = watches.map(({ positionMs, ...watch }) => ({
        ...watch,
        reachedMs: watch.watchedMs === 0 ? positionMs : 0,
      }));
      await signalStore.addWatches(tx, sumWatches(rows.filter(({ userId }) => !deleted.has(userId))));
    }),
    on(userFollowed, async (tx: Db, { userId, targetId }) => {
      await signalStore.setFollowed(tx, userId, targetId, now() - followedWithinMs);
    }),
    on(historyCleared, async (tx: Db, { userId, videoId }) => {
      await signalStore.deleteSignals(tx, userId, videoId ?? undefined);
    }),
  ];
}

/** A follow comes of a video that was watched within this time. */
const followedWithinMs = 30 * 60_000;

/** An action of a user on a video; visitors have no number. */
interface Done {
  readonly userId?: Id | undefined;
  readonly videoId: Id;
  readonly atMs: number;
}

const both =
  <F>(...handlers: readonly ((tx: Db, facts: readonly F[]) => Promise<void>)[]) =>
  async (tx: Db, facts: readonly F[]): Promise<void> => {
    for (const handle of handlers) await handle(tx, facts);
  };

const pairOf = ({ userId, videoId }: { readonly userId: Id; readonly videoId: Id }): string => `${userId} ${videoId}`;

/** The last fact of each user and video, without those of deleted accounts. */
async function lastOfEach<F extends { readonly userId: Id; readonly videoId: Id }>(tx: Db, facts: readonly F[]) {
  const deleted = await deletedAmong(
    tx,
    facts.map(({ userId }) => userId),
  );
  return [...new Map(facts.filter(({ userId }) => !deleted.has(userId)).map((fact) => [pairOf(fact), fact])).values()];
}

/** Reports of the same user and video as one. Pure. */
function sumWatches(watches: readonly signalStore.NewWatch[]): signalStore.NewWatch[] {
  const sums = new Map<string, signalStore.NewWatch>();
  for (const watch of watches) {
    const before = sums.get(pairOf(watch));
    sums.set(
      pairOf(watch),
      before
        ? {
            ...before,
            watchedMs: before.watchedMs + watch.watchedMs,
            reachedMs: Math.max(before.reachedMs, watch.reachedMs),
            lengthMs: Math.max(before.lengthMs, watch.lengthMs),
            finished: before.finished || watch.finished,
            atMs: Math.max(before.atMs, watch.atMs),
          }
        : watch,
    );
  }
  return [...sums.values()];
}
