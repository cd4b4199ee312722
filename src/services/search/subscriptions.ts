import { userDeleted, userRegistered } from "#events/auth";
import { hashtagCreated } from "#events/hashtag";
import { activityImported, videoViewed } from "#events/interaction";
import { liveDeleted, liveEnded, liveStarted, liveUpdated } from "#events/live";
import { userFollowed, userUnfollowed } from "#events/relation";
import { userUpdated } from "#events/user";
import { videoDeleted, videoPublished, videoUpdated } from "#events/video";
import { type Jobs, on, type Subscription, type Tx } from "#kernel";
import * as captionStore from "./captions/caption-store.ts";
import * as vectorStore from "./embeddings/vector-store.ts";
import * as documentStore from "./documents/document-store.ts";
import { eraseFiles } from "./documents/files.ts";
import {
  documentKind,
  firstVersion,
  hashtagDocument,
  liveDocument,
  type LiveState,
  userDocument,
  videoDocument,
  type VideoState,
} from "./documents/documents.ts";
import type { Tables } from "./store.ts";
import * as wordStore from "./word-store.ts";

type Db = Tx<Tables>;

async function putVideo(tx: Db, video: VideoState): Promise<void> {
  await documentStore.put(tx, videoDocument(video));
}

async function putUser(tx: Db, profile: Parameters<typeof userDocument>[0]): Promise<void> {
  await documentStore.put(tx, userDocument(profile));
}

async function putLive(tx: Db, room: LiveState): Promise<void> {
  await documentStore.put(tx, liveDocument(room));
}

/** The index follows the events of the services that own its documents. */
export const subscriptionsOf = (jobs: Jobs): Subscription<Tables>[] => [
  on(videoPublished, putVideo),
  on(videoUpdated, putVideo),
  on(videoDeleted, async (tx: Db, { videoId }) => {
    await documentStore.remove(tx, documentKind.video, videoId);
    await vectorStore.remove(tx, [videoId]);
  }),
  on(videoViewed, async (tx: Db, { videoId }) => void (await documentStore.view(tx, videoId, 1))),
  on(activityImported, async (tx: Db, { videoId, days }) => {
    const views = days.reduce((sum, day) => sum + day.views, 0);
    await documentStore.view(tx, videoId, views);
  }),
  on(liveStarted, putLive),
  on(liveUpdated, putLive),
  on(liveEnded, putLive),
  on(liveDeleted, async (tx: Db, { liveId }) => void (await documentStore.remove(tx, documentKind.live, liveId))),
  on(userRegistered, (tx: Db, { userId, username, nickname = username }) =>
    putUser(tx, { userId, username, nickname, version: firstVersion }),
  ),
  on(userUpdated, putUser),
  on(userDeleted, async (tx: Db, { userId }) => {
    await documentStore.remove(tx, documentKind.user, userId);
    await captionStore.removeOfUser(tx, userId);
    await wordStore.deleteUser(tx, userId);
    // There may be a million files, and the receipt comes after them.
    await jobs.add(tx, eraseFiles, { payload: { userId } });
  }),
  on(userFollowed, async (tx: Db, { targetId }) => void (await documentStore.follow(tx, targetId, 1))),
  on(userUnfollowed, async (tx: Db, { targetId }) => void (await documentStore.follow(tx, targetId, -1))),
  on(hashtagCreated, async (tx: Db, { hashtagId: id, name }) => {
    await documentStore.put(tx, hashtagDocument({ id, name }));
  }),
];
