import { type Host, type Id, on, onAll, type Subscription, type Tx } from "#kernel";
import { erase } from "#policy/deleted-users";
import { videoLiked, videoShared, videoUnliked, videoViewed, activityImported } from "#services/interaction/contract";
import { videoDeleted, videoPublished, videoUpdated } from "#services/video/contract";
import { activityOf, type Fact, importedActivityOf, type Kind } from "./activity.ts";
import { lockCounts, storeActivity } from "./activity-store.ts";
import { candidateOf } from "./candidate.ts";
import * as notInterestedStore from "./exclusions/not-interested-store.ts";
import * as store from "./store.ts";

type Db = Tx<store.Tables>;

/** The copy of videos follows the video service, and its counts the events of interaction. */
export function subscriptionsOf({ emit, now }: Pick<Host<store.Tables>, "emit" | "now">): Subscription<store.Tables>[] {
  const count = (kind: Kind) => async (tx: Db, facts: readonly Fact[]) => {
    const videoIds = new Set<Id>(facts.map(({ videoId }) => videoId));
    await storeActivity(tx, activityOf(kind, facts, await lockCounts(tx, [...videoIds]), now()));
  };
  return [
    on(videoPublished, async (tx: Db, video) => void (await store.storeCandidate(tx, candidateOf(video)))),
    on(videoUpdated, async (tx: Db, video) => void (await store.storeCandidate(tx, candidateOf(video)))),
    on(videoDeleted, async (tx: Db, { videoId }) => {
      await store.deleteCandidate(tx, videoId);
      await notInterestedStore.deleteVideo(tx, videoId);
    }),
    erase("recommend", emit, (tx: Db, { userId }) => notInterestedStore.deleteUser(tx, userId)),
    onAll(videoViewed, count("view")),
    on(activityImported, async (tx: Db, { videoId, days }) => {
      await storeActivity(tx, importedActivityOf(days, await lockCounts(tx, [videoId])));
    }),
    onAll(videoLiked, count("like")),
    onAll(videoUnliked, count("unlike")),
    onAll(videoShared, count("share")),
  ];
}
