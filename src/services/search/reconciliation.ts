import type { Call, Host } from "#kernel";
import { replicaOf, type Projection } from "#kernel/db/projection";
import { hashtag } from "#services/hashtag/contract";
import { interaction } from "#services/interaction/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { hashtagEntry, userEntry, videoEntry } from "./entries.ts";
import * as hashtagStore from "./hashtag-store.ts";
import type { Tables } from "./store.ts";
import * as userStore from "./user-store.ts";
import * as videoStore from "./video-store.ts";

/** The numbers of entries that were wrong. */
export interface Repaired {
  readonly videos: number;
  readonly users: number;
  readonly hashtags: number;
}

/** The index, compared with the services that own what is in it. */
export function indexOf({ db, client, log }: Pick<Host<Tables>, "db" | "client" | "log">) {
  /** Counts only order results: where their owner is away, they are left as they are. */
  async function counted<R>(answer: Promise<{ readonly items: readonly R[] }>): Promise<readonly R[]> {
    try {
      return (await answer).items;
    } catch (err) {
      log.warn("counts could not be compared", { err });
      return [];
    }
  }

  const users = replicaOf({
    stored: (after, limit) => userStore.indexed(db, after, limit),
    owned: async (page, call) => (await client(user).batch(page, call)).items,
    idOf: ({ userId }) => userId,
    async repair(deleted, owned, call) {
      const repaired: string[] = [];
      for (const entry of owned)
        if (await db.tx((tx) => userStore.put(tx, userEntry(entry))))
          repaired.push(`user ${entry.userId} has an outdated search entry`);
      for (const { id, isVisible } of deleted) {
        if (!isVisible) continue;
        await db.tx((tx) => userStore.remove(tx, id));
        repaired.push(`user ${id} is deleted and has a search entry`);
      }
      const userIds = owned.map(({ userId }) => userId);
      const counts = await counted(client(relation).counts({ userIds }, call));
      const wrong = await db.tx((tx) => userStore.setFollowers(tx, counts));
      return [...repaired, ...wrong.map((id) => `user ${id} was ranked by a wrong number of followers`)];
    },
  });

  const videos = replicaOf({
    stored: (after, limit) => videoStore.indexed(db, after, limit),
    owned: async (page, call) => (await client(video).batch(page, call)).items,
    idOf: ({ videoId }) => videoId,
    async repair(deleted, owned, call) {
      const repaired: string[] = [];
      for (const entry of owned)
        if (await db.tx((tx) => videoStore.put(tx, videoEntry(entry))))
          repaired.push(`video ${entry.videoId} has an outdated search entry`);
      for (const { id, isVisible } of deleted) {
        if (!isVisible) continue;
        await db.tx((tx) => videoStore.remove(tx, id));
        repaired.push(`video ${id} is deleted and has a search entry`);
      }
      const videoIds = owned.map(({ videoId }) => videoId);
      const counts = await counted(client(interaction).states({ videoIds }, call));
      const wrong = await db.tx((tx) => videoStore.setPlays(tx, counts));
      return [...repaired, ...wrong.map((id) => `video ${id} was ranked by a wrong number of views`)];
    },
  });

  const hashtags = replicaOf({
    stored: (after, limit) => hashtagStore.indexed(db, after, limit),
    owned: async (page, call) => (await client(hashtag).batch(page, call)).items,
    idOf: ({ id }) => id,
    async repair(deleted, owned) {
      const news = await db.tx((tx) => hashtagStore.put(tx, owned.map(hashtagEntry)));
      const ids = deleted.map(({ id }) => id);
      await db.tx((tx) => hashtagStore.remove(tx, ids));
      return [
        ...news.map((id) => `hashtag ${id} was not found`),
        ...ids.map((id) => `hashtag ${id} is deleted and has a search entry`),
      ];
    },
  });

  async function repaired(part: Projection, call: Call): Promise<number> {
    return (await Array.fromAsync(part.repair(call))).length;
  }
  return {
    parts: [users, videos, hashtags],
    repair: async (call: Call): Promise<Repaired> => ({
      users: await repaired(users, call),
      videos: await repaired(videos, call),
      hashtags: await repaired(hashtags, call),
    }),
  };
}
