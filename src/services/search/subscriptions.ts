import { type Emit, on, type Subscription, type Tx } from "#kernel";
import { erase } from "#policy/deleted-users";
import { userRegistered } from "#services/auth/contract";
import { hashtagCreated } from "#services/hashtag/contract";
import { videoViewed, activityImported } from "#services/interaction/contract";
import { userFollowed, userUnfollowed } from "#services/relation/contract";
import { userUpdated } from "#services/user/contract";
import { videoDeleted, videoPublished, videoUpdated } from "#services/video/contract";
import { firstVersion, hashtagEntry, userEntry, videoEntry } from "./entries.ts";
import * as hashtagStore from "./hashtag-store.ts";
import type { Tables } from "./store.ts";
import * as userStore from "./user-store.ts";
import * as videoStore from "./video-store.ts";
import * as wordStore from "./word-store.ts";

type Db = Tx<Tables>;

/** The index follows the events of the services that own what is in it. */
export const subscriptionsOf = (emit: Emit): Subscription<Tables>[] => [
  on(videoPublished, async (tx: Db, video) => void (await videoStore.put(tx, videoEntry(video)))),
  on(videoUpdated, async (tx: Db, video) => void (await videoStore.put(tx, videoEntry(video)))),
  on(videoDeleted, async (tx: Db, { videoId }) => void (await videoStore.remove(tx, videoId))),
  on(videoViewed, async (tx: Db, { videoId }) => void (await videoStore.view(tx, videoId, 1))),
  on(activityImported, async (tx: Db, { videoId, days }) => {
    const views = days.reduce((sum, day) => sum + day.views, 0);
    await videoStore.view(tx, videoId, views);
  }),
  on(userRegistered, async (tx: Db, { userId, username, nickname = username }) => {
    await userStore.put(tx, userEntry({ userId, username, nickname, version: firstVersion }));
  }),
  on(userUpdated, async (tx: Db, user) => void (await userStore.put(tx, userEntry(user)))),
  erase("search", emit, async (tx: Db, { userId }) => {
    await userStore.remove(tx, userId);
    await wordStore.deleteUser(tx, userId);
  }),
  on(userFollowed, async (tx: Db, { targetId }) => void (await userStore.follow(tx, targetId, 1))),
  on(userUnfollowed, async (tx: Db, { targetId }) => void (await userStore.follow(tx, targetId, -1))),
  on(hashtagCreated, async (tx: Db, { hashtagId: id, name }) => {
    await hashtagStore.put(tx, [hashtagEntry({ id, name })]);
  }),
];
