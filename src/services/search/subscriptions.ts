import { type Emit, type Id, on, type Subscription, type Tx } from "#kernel";
import { erase } from "#policy/deleted-users";
import { userRegistered } from "#services/auth/contract";
import { hashtagCreated } from "#services/hashtag/contract";
import { videoViewed, activityImported } from "#services/interaction/contract";
import { userFollowed, userUnfollowed } from "#services/relation/contract";
import { userUpdated } from "#services/user/contract";
import { videoDeleted, videoPublished, videoUpdated } from "#services/video/contract";
import * as documentStore from "./documents/document-store.ts";
import { documentKind, hashtagDocument, userDocument, videoDocument } from "./documents/documents.ts";
import { firstVersion, hashtagEntry, userEntry, videoEntry, type VideoState } from "./entries.ts";
import * as hashtagStore from "./hashtag-store.ts";
import type { Tables } from "./store.ts";
import * as userStore from "./user-store.ts";
import * as videoStore from "./video-store.ts";
import * as wordStore from "./word-store.ts";

type Db = Tx<Tables>;

async function putVideo(tx: Db, video: VideoState): Promise<void> {
  await videoStore.put(tx, videoEntry(video));
  await documentStore.put(tx, videoDocument(video));
}

async function putUser(tx: Db, profile: Parameters<typeof userDocument>[0]): Promise<void> {
  await userStore.put(tx, userEntry(profile));
  await documentStore.put(tx, userDocument(profile));
}

async function view(tx: Db, videoId: Id, views: number): Promise<void> {
  await videoStore.view(tx, videoId, views);
  await documentStore.view(tx, videoId, views);
}

async function follow(tx: Db, userId: Id, by: 1 | -1): Promise<void> {
  await userStore.follow(tx, userId, by);
  await documentStore.follow(tx, userId, by);
}

/** The index follows the events of the services that own what is in it. */
export const subscriptionsOf = (emit: Emit): Subscription<Tables>[] => [
  on(videoPublished, putVideo),
  on(videoUpdated, putVideo),
  on(videoDeleted, async (tx: Db, { videoId }) => {
    await videoStore.remove(tx, videoId);
    await documentStore.remove(tx, documentKind.video, videoId);
  }),
  on(videoViewed, (tx: Db, { videoId }) => view(tx, videoId, 1)),
  on(activityImported, async (tx: Db, { videoId, days }) => {
    const views = days.reduce((sum, day) => sum + day.views, 0);
    await view(tx, videoId, views);
  }),
  on(userRegistered, (tx: Db, { userId, username, nickname = username }) =>
    putUser(tx, { userId, username, nickname, version: firstVersion }),
  ),
  on(userUpdated, putUser),
  erase("search", emit, async (tx: Db, { userId }) => {
    await userStore.remove(tx, userId);
    await documentStore.remove(tx, documentKind.user, userId);
    await wordStore.deleteUser(tx, userId);
  }),
  on(userFollowed, (tx: Db, { targetId }) => follow(tx, targetId, 1)),
  on(userUnfollowed, (tx: Db, { targetId }) => follow(tx, targetId, -1)),
  on(hashtagCreated, async (tx: Db, { hashtagId: id, name }) => {
    await hashtagStore.put(tx, [hashtagEntry({ id, name })]);
    await documentStore.put(tx, hashtagDocument({ id, name }));
  }),
];
