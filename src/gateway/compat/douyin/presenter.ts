import { type Call, type Id, KinoraError } from "#kernel";
import { interaction } from "#services/interaction/contract";
import { relation } from "#services/relation/contract";
import { streaming } from "#services/streaming/contract";
import { user } from "#services/user/contract";
import { type Video, video } from "#services/video/contract";
import type { z } from "zod";
import type { ClientOf } from "../../client-of.ts";

/** A user as this API shows them. */
interface PresentedUser {
  readonly id: Id;
  readonly name: string;
  readonly follow_count: number;
  readonly follower_count: number;
  readonly is_follow: boolean;
  readonly avatar: string;
  readonly background_image: string;
  readonly signature: string;
  readonly total_favorited: number;
  readonly work_count: number;
  readonly favorite_count: number;
}

type LinkInput = z.input<(typeof streaming)["methods"]["links"]["input"]>["items"][number];

/** The most items that one query answers. */
const batchMax = 200;
const published = 1;
const defaults = { avatar: "/douyin/avatar.png", cover: "/douyin/cover.png" };

/** Presents objects in the words of this API, composed of what their owners say; addresses are absolute, under `base`. */
export class Presenter {
  readonly #client: ClientOf;
  readonly #base: string;
  readonly #call: Call;

  constructor(client: ClientOf, base: string, call: Call) {
    this.#client = client;
    this.#base = base;
    this.#call = call;
  }

  async users(userIds: readonly Id[]): Promise<ReadonlyMap<Id, PresentedUser>> {
    const [client, call] = [this.#client, this.#call];
    const [cards, followed, follows, works, likes] = await Promise.all([
      inBatches(userIds, async (ids) => (await client(user).cards({ ids }, call)).items),
      optionalInBatches(userIds, async (ids) => (await client(relation).followed({ userIds: ids }, call)).userIds),
      optionalInBatches(userIds, async (ids) => (await client(relation).counts({ userIds: ids }, call)).items),
      optionalInBatches(userIds, async (ids) => (await client(video).authorCounts({ userIds: ids }, call)).items),
      optionalInBatches(userIds, async (ids) => (await client(interaction).authorCounts({ userIds: ids }, call)).items),
    ]);
    const followedIds = new Set(followed);
    const followsById = keyBy(follows, ({ userId }) => userId);
    const worksById = keyBy(works, ({ userId }) => userId);
    const likesById = keyBy(likes, ({ userId }) => userId);
    return new Map(
      cards.map(({ id, username, avatar, backgroundImage, bio }) => [
        id,
        {
          id,
          name: username,
          follow_count: followsById.get(id)?.followCount ?? 0,
          follower_count: followsById.get(id)?.followerCount ?? 0,
          is_follow: followedIds.has(id),
          avatar: this.#absolute(avatar || defaults.avatar),
          background_image: this.#absolute(backgroundImage || defaults.cover),
          signature: bio,
          total_favorited: likesById.get(id)?.likeCount ?? 0,
          work_count: worksById.get(id)?.videoCount ?? 0,
          favorite_count: likesById.get(id)?.likedCount ?? 0,
        },
      ]),
    );
  }

  async videos(rows: readonly Video[]) {
    const videoIds = rows.map(({ id }) => id);
    const [authors, states, addresses] = await Promise.all([
      this.users(rows.map(({ userId }) => userId)),
      optionalInBatches(videoIds, async (ids) => {
        const { items } = await this.#client(interaction).states({ videoIds: ids }, this.#call);
        return items;
      }),
      this.#addresses(rows),
    ]);
    const statesById = keyBy(states, ({ videoId }) => videoId);
    return rows.flatMap(({ id, userId, title }, n) => {
      const author = authors.get(userId);
      const { likeCount = 0, commentCount = 0, isLiked = false } = statesById.get(id) ?? {};
      const counts = { favorite_count: likeCount, comment_count: commentCount, is_favorite: isLiked };
      return author ? [{ id, author, ...addresses[n], ...counts, title }] : [];
    });
  }

  async comments(rows: readonly { id: Id; userId: Id; content: string; createdAtMs: number }[]) {
    const authors = await this.users(rows.map(({ userId }) => userId));
    return rows.flatMap(({ id, userId, content, createdAtMs }) => {
      const author = authors.get(userId);
      return author ? [{ id, user: author, content, create_date: dayOf(createdAtMs) }] : [];
    });
  }

  /** The address that plays each video as one file: its original, or its playlist where downloads are disabled. */
  async #addresses(rows: readonly Video[]) {
    const unpublished = rows.filter((row) => row.status !== published && row.isMine);
    const [links, originals] = await Promise.all([
      this.#links(rows.map(linkOfVideo)),
      this.#links(unpublished.map(linkOfOriginal)),
    ]);
    return rows.map((row) => {
      const link = links.get(row.id);
      const original = originals.get(row.mediaId)?.downloadUrl;
      return {
        play_url: this.#absolute(link?.downloadUrl || link?.hlsUrl || original || ""),
        cover_url: this.#absolute(row.coverUrl || link?.coverUrl || defaults.cover),
      };
    });
  }

  /** By their ids. All are of one scope: a video and a media object may have the same id. */
  async #links(inputs: readonly LinkInput[]) {
    const links = await optionalInBatches(inputs, async (items) => {
      const answer = await this.#client(streaming).links({ items }, this.#call);
      return answer.items;
    });
    return keyBy(links, ({ id }) => id);
  }

  #absolute(path: string): string {
    return /^https?:/.test(path) ? path : this.#base + path;
  }
}

const linkOfVideo = (row: Video): LinkInput => ({
  scope: "video",
  id: row.id,
  generation: row.generation,
  isPublic: row.visibility === "public" && row.status === published,
  hasCover: row.hasCover,
  ...(row.coverMediaId !== null && { coverMediaId: row.coverMediaId }),
  isPlayable: row.status === published,
  allowDownload: row.allowDownload || row.isMine,
  isGranted: row.isGranted,
  extras: [],
});

/** The original of a video that cannot be played yet, which its owner alone sees. */
const linkOfOriginal = ({ mediaId }: Video): LinkInput => ({
  scope: "media",
  id: mediaId,
  generation: 0,
  isPublic: false,
  hasCover: false,
  isPlayable: false,
  allowDownload: true,
  extras: [],
});

async function inBatches<Key, Item>(
  keys: readonly Key[],
  query: (batch: Key[]) => Promise<readonly Item[]>,
): Promise<Item[]> {
  const unique = [...new Set(keys)];
  const batches = Array.from({ length: Math.ceil(unique.length / batchMax) }, (_, n) =>
    query(unique.slice(n * batchMax, (n + 1) * batchMax)),
  );
  return (await Promise.all(batches)).flat();
}

/** The defaults of fields whose owner is unavailable, as in the REST API. */
const optionalInBatches: typeof inBatches = (keys, query) =>
  inBatches(keys, (batch) =>
    query(batch).catch((error: unknown) => {
      if (error instanceof KinoraError && error.retryable) return [];
      throw error;
    }),
  );

const keyBy = <Item>(items: readonly Item[], idOf: (item: Item) => Id) =>
  new Map(items.map((item) => [idOf(item), item]));

/** `MM-DD` in the zone of the server, which the environment's TZ says. */
function dayOf(instantMs: number): string {
  const day = new Date(instantMs);
  return `${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}
