import type { Call, Host, Id } from "#kernel";
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

const atOnce = 200;

/** How many entries were not as they should be. */
export interface Repaired {
  readonly videos: number;
  readonly users: number;
  readonly hashtags: number;
}

/** Compares the index with those who own what is in it, and repairs it, in batches (reliability D3). */
export function comparingOf({ db, client, log }: Pick<Host<Tables>, "db" | "client" | "log">) {
  interface Side<Known extends { readonly id: Id }, Owned> {
    known(after: number): Promise<readonly Known[]>;
    owned(after: number): Promise<readonly Owned[]>;
    idOf(owned: Owned): Id;
    repair(missing: readonly Known[], owned: readonly Owned[]): Promise<number>;
  }

  /**
   * What is known is read before the owner is asked: what was entered before and is not there any more was deleted, and
   * what is made meanwhile is not taken for that.
   */
  async function walk<K extends { readonly id: Id }, O>(side: Side<K, O>): Promise<number> {
    let repaired = 0;
    for (let after = 0; ; ) {
      const known = await side.known(after);
      const owned = await side.owned(after);
      const last = owned.at(-1);
      const reach = Math.min(
        known.length < atOnce ? Number.MAX_SAFE_INTEGER : (known.at(-1)?.id ?? 0),
        owned.length < atOnce || last === undefined ? Number.MAX_SAFE_INTEGER : side.idOf(last),
      );
      const within = owned.filter((one) => side.idOf(one) <= reach);
      const ids = new Set(within.map((one) => side.idOf(one)));
      const missing = known.filter(({ id }) => id <= reach && !ids.has(id));
      repaired += await side.repair(missing, within);
      if (reach === Number.MAX_SAFE_INTEGER) return repaired;
      after = reach;
    }
  }

  /** What only orders results is left as it is where its owner cannot be asked. */
  async function counted<R>(asked: Promise<{ readonly items: readonly R[] }>): Promise<readonly R[]> {
    try {
      return (await asked).items;
    } catch (err) {
      log.warn("counts could not be compared", { err });
      return [];
    }
  }

  return async (call: Call): Promise<Repaired> => {
    const users = await walk({
      known: (after) => userStore.known(db, after, atOnce),
      owned: async (after) => (await client(user).batch({ after, limit: atOnce }, call)).items,
      idOf: ({ userId }) => userId,
      async repair(missing, owned) {
        const shown = missing.filter(({ isShown }) => isShown);
        let wrong = 0;
        for (const told of owned) if (await db.tx((tx) => userStore.put(tx, userEntry(told)))) wrong += 1;
        for (const { id } of shown) await db.tx((tx) => userStore.remove(tx, id));
        const userIds = owned.map(({ userId }) => userId);
        const counts = await counted(client(relation).counts({ userIds }, call));
        return wrong + shown.length + (await db.tx((tx) => userStore.setFollowers(tx, counts)));
      },
    });
    const videos = await walk({
      known: (after) => videoStore.known(db, after, atOnce),
      owned: async (after) => (await client(video).batch({ after, limit: atOnce }, call)).items,
      idOf: ({ videoId }) => videoId,
      async repair(missing, owned) {
        const shown = missing.filter(({ isShown }) => isShown);
        let wrong = 0;
        for (const told of owned) if (await db.tx((tx) => videoStore.put(tx, videoEntry(told)))) wrong += 1;
        for (const { id } of shown) await db.tx((tx) => videoStore.remove(tx, id));
        const videoIds = owned.map(({ videoId }) => videoId);
        const counts = await counted(client(interaction).states({ videoIds }, call));
        return wrong + shown.length + (await db.tx((tx) => videoStore.setPlays(tx, counts)));
      },
    });
    const hashtags = await walk({
      known: (after) => hashtagStore.known(db, after, atOnce),
      owned: async (after) => (await client(hashtag).batch({ after, limit: atOnce }, call)).items,
      idOf: ({ id }) => id,
      async repair(missing, owned) {
        const wrong = await db.tx((tx) => hashtagStore.put(tx, owned.map(hashtagEntry)));
        const ids = missing.map(({ id }) => id);
        await db.tx((tx) => hashtagStore.remove(tx, ids));
        return wrong + ids.length;
      },
    });
    return { videos, users, hashtags };
  };
}
