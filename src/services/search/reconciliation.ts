import type { Call, Host, Id } from "#kernel";
import { createReplicaProjection, type Projection } from "#kernel/db/projection";
import { hashtag } from "#services/hashtag/contract";
import { interaction } from "#services/interaction/contract";
import { live } from "#services/live/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import * as documentStore from "./documents/document-store.ts";
import {
  documentKind,
  type DocumentKind,
  type DocumentState,
  hashtagDocument,
  liveDocument,
  userDocument,
  videoDocument,
} from "./documents/documents.ts";
import type { Tables } from "./store.ts";

/** The numbers of entries that were wrong. */
export interface Repaired {
  readonly videos: number;
  readonly users: number;
  readonly hashtags: number;
  readonly lives: number;
  /** Media objects whose captions were others. */
  readonly captions: number;
  readonly files: number;
}

type Parts = Pick<Host<Tables>, "db" | "client" | "log">;

/** The counts of an answer, or none if their owner is away: counts only order results, so stored ones may stay. */
async function countsOrNone<R>(
  log: Parts["log"],
  answer: Promise<{ readonly items: readonly R[] }>,
): Promise<readonly R[]> {
  try {
    return (await answer).items;
  } catch (err) {
    log.warn("counts could not be compared", { err });
    return [];
  }
}

const put = (db: Parts["db"], document: DocumentState): Promise<boolean> =>
  db.tx((tx) => documentStore.put(tx, document));

/** Removes the entries of deleted things; returns a line for each. */
async function removeDeleted(
  db: Parts["db"],
  kind: DocumentKind,
  name: string,
  deleted: readonly { readonly id: Id; readonly isVisible: boolean }[],
): Promise<string[]> {
  const wrong = deleted.filter(({ isVisible }) => isVisible);
  for (const { id } of wrong) await db.tx((tx) => documentStore.remove(tx, kind, id));
  return wrong.map(({ id }) => `${name} ${id} is deleted and has a search entry`);
}

function usersOf({ db, client, log }: Parts): Projection {
  return createReplicaProjection({
    listStored: (after, limit) => documentStore.listDocuments(db, documentKind.user, after, limit),
    listOwned: async (page, call) => (await client(user).batch(page, call)).items,
    idOf: ({ userId }) => userId,
    async repair(deleted, owned, call) {
      const repaired: string[] = [];
      for (const entry of owned)
        if (await put(db, userDocument(entry))) repaired.push(`user ${entry.userId} has an outdated search entry`);
      repaired.push(...(await removeDeleted(db, documentKind.user, "user", deleted)));
      const userIds = owned.map(({ userId }) => userId);
      const counts = await countsOrNone(log, client(relation).counts({ userIds }, call));
      const byId = counts.map(({ userId, followerCount }) => ({ id: userId, count: followerCount }));
      const wrong = await db.tx((tx) => documentStore.setCounts(tx, documentKind.user, "follower_count", byId));
      return [...repaired, ...wrong.map((id) => `user ${id} was ranked by a wrong number of followers`)];
    },
  });
}

function videosOf({ db, client, log }: Parts): Projection {
  return createReplicaProjection({
    listStored: (after, limit) => documentStore.listDocuments(db, documentKind.video, after, limit),
    listOwned: async (page, call) => (await client(video).batch(page, call)).items,
    idOf: ({ videoId }) => videoId,
    async repair(deleted, owned, call) {
      const repaired: string[] = [];
      for (const entry of owned)
        if (await put(db, videoDocument(entry))) repaired.push(`video ${entry.videoId} has an outdated search entry`);
      repaired.push(...(await removeDeleted(db, documentKind.video, "video", deleted)));
      const videoIds = owned.map(({ videoId }) => videoId);
      const counts = await countsOrNone(log, client(interaction).states({ videoIds }, call));
      const byId = counts.map(({ videoId, playCount }) => ({ id: videoId, count: playCount }));
      const wrong = await db.tx((tx) => documentStore.setCounts(tx, documentKind.video, "play_count", byId));
      return [...repaired, ...wrong.map((id) => `video ${id} was ranked by a wrong number of views`)];
    },
  });
}

function hashtagsOf({ db, client }: Omit<Parts, "log">): Projection {
  return createReplicaProjection({
    listStored: (after, limit) => documentStore.listDocuments(db, documentKind.hashtag, after, limit),
    listOwned: async (page, call) => (await client(hashtag).batch(page, call)).items,
    idOf: ({ id }) => id,
    async repair(deleted, owned) {
      const news: Id[] = [];
      for (const entry of owned) if (await put(db, hashtagDocument(entry))) news.push(entry.id);
      const ids = deleted.flatMap(({ id, isVisible }) => (isVisible ? [id] : []));
      await db.tx((tx) => documentStore.removeHashtags(tx, ids));
      return [
        ...news.map((id) => `hashtag ${id} was not found`),
        ...ids.map((id) => `hashtag ${id} is deleted and has a search entry`),
      ];
    },
  });
}

function livesOf({ db, client }: Omit<Parts, "log">): Projection {
  return createReplicaProjection({
    listStored: (after, limit) => documentStore.listDocuments(db, documentKind.live, after, limit),
    listOwned: async (page, call) => (await client(live).batch(page, call)).items,
    idOf: ({ liveId }) => liveId,
    async repair(deleted, owned) {
      const repaired: string[] = [];
      for (const entry of owned)
        if (await put(db, liveDocument(entry))) repaired.push(`live room ${entry.liveId} has an outdated search entry`);
      repaired.push(...(await removeDeleted(db, documentKind.live, "live room", deleted)));
      return repaired;
    },
  });
}

/** The index, compared with the services that own its documents. */
export interface Index {
  readonly parts: Projection[];
  readonly repair: (call: Call) => Promise<Repaired>;
}

export function createIndex(
  host: Parts,
  { captions, files }: Readonly<Record<"captions" | "files", Projection>>,
): Index {
  const [users, videos, hashtags, lives] = [usersOf(host), videosOf(host), hashtagsOf(host), livesOf(host)];
  async function countRepairs(part: Projection, call: Call): Promise<number> {
    return (await Array.fromAsync(part.repair(call))).length;
  }
  return {
    parts: [users, videos, hashtags, lives, captions, files],
    repair: async (call: Call): Promise<Repaired> => ({
      users: await countRepairs(users, call),
      videos: await countRepairs(videos, call),
      hashtags: await countRepairs(hashtags, call),
      lives: await countRepairs(lives, call),
      captions: await countRepairs(captions, call),
      files: await countRepairs(files, call),
    }),
  };
}
