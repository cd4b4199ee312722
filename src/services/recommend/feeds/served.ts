import { type Cache, Id } from "#kernel";
import { z } from "zod";

const servedMax = 200;
const lifetimeMs = 30 * 60_000;
const Served = z.compile(z.array(Id).max(servedMax));

/**
 * The videos that a user was served within the last half hour, at most the latest 200. They are in the cache: where it
 * forgets them, or two pages of a user are made together, a refresh may have a video again.
 */
export interface ServedVideos {
  readonly of: (userId: Id) => Promise<readonly Id[]>;
  readonly add: (userId: Id | undefined, items: readonly { readonly videoId: Id }[]) => Promise<void>;
}

export const createServedVideos = (cache: Cache): ServedVideos => ({
  async of(userId: Id): Promise<readonly Id[]> {
    const { data = [] } = Served.safeParse(await cache.get(keyOf(userId)));
    return data;
  },

  async add(userId: Id | undefined, items: readonly { readonly videoId: Id }[]): Promise<void> {
    if (userId === undefined || items.length === 0) return;
    const before = await this.of(userId);
    const all = [...new Set([...items.map(({ videoId }) => videoId), ...before])];
    await cache.set(keyOf(userId), all.slice(0, servedMax), lifetimeMs);
  },
});

const keyOf = (userId: Id): string => `recommend:served:${userId}`;
