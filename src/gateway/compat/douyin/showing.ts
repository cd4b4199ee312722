import type { Call, Client, Contract, Id } from "#kernel";
import { interaction } from "#services/interaction/contract";
import { relation } from "#services/relation/contract";
import { streaming } from "#services/streaming/contract";
import { user } from "#services/user/contract";
import { type Video, video } from "#services/video/contract";
import type { z } from "zod";

export interface ShownUser {
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

type Linked = z.input<(typeof streaming)["methods"]["links"]["input"]>["items"][number];
const idOf = ({ id }: { readonly id: Id }): Id => id;

/** What one query answers at most. */
const batchMax = 200;
const published = 1;
const defaults = { avatar: "/douyin/avatar.png", cover: "/douyin/cover.png" };

/** The objects of this API, composed of what their owners say; addresses are absolute, under `base`. */
export function showing(client: <C extends Contract>(c: C) => Client<C>, base: string, call: Call) {
  const absolute = (path: string) => (/^https?:/.test(path) ? path : base + path);

  async function inBatches<One, T>(all: readonly One[], ask: (some: One[]) => Promise<readonly T[]>): Promise<T[]> {
    const unique = [...new Set(all)];
    const batches = Array.from({ length: Math.ceil(unique.length / batchMax) }, (_, n) =>
      ask(unique.slice(n * batchMax, (n + 1) * batchMax)),
    );
    return (await Promise.all(batches)).flat();
  }
  const keyed = <T>(items: readonly T[], idOf: (item: T) => Id) => new Map(items.map((item) => [idOf(item), item]));

  async function users(ids: readonly Id[]): Promise<ReadonlyMap<Id, ShownUser>> {
    const [cards, followed, follows, works, likes] = await Promise.all([
      inBatches(ids, async (some) => (await client(user).cards({ ids: some }, call)).items),
      inBatches(ids, async (some) => (await client(relation).followed({ userIds: some }, call)).userIds),
      inBatches(ids, async (some) => (await client(relation).counts({ userIds: some }, call)).items),
      inBatches(ids, async (some) => (await client(video).authorCounts({ userIds: some }, call)).items),
      inBatches(ids, async (some) => (await client(interaction).authorCounts({ userIds: some }, call)).items),
    ]);
    const followedIds = new Set(followed);
    const followsOf = keyed(follows, ({ userId }) => userId);
    const worksOf = keyed(works, ({ userId }) => userId);
    const likesOf = keyed(likes, ({ userId }) => userId);
    return new Map(
      cards.map(({ id, username, avatar, backgroundImage, bio }) => [
        id,
        {
          id,
          name: username,
          follow_count: followsOf.get(id)?.followCount ?? 0,
          follower_count: followsOf.get(id)?.followerCount ?? 0,
          is_follow: followedIds.has(id),
          avatar: absolute(avatar || defaults.avatar),
          background_image: absolute(backgroundImage || defaults.cover),
          signature: bio,
          total_favorited: likesOf.get(id)?.likeCount ?? 0,
          work_count: worksOf.get(id)?.videoCount ?? 0,
          favorite_count: likesOf.get(id)?.likedCount ?? 0,
        },
      ]),
    );
  }

  /** By the ids of what they are asked for, which are of one scope: videos and media objects may have one number. */
  const links = async (items: readonly Linked[]) =>
    keyed(await inBatches(items, async (some) => (await client(streaming).links({ items: some }, call)).items), idOf);

  /** What plays each video as one file: its original; where that is not given away, its playlist. */
  async function addresses(rows: readonly Video[]) {
    const ofVideos = rows.map((row) => ({
      scope: "video" as const,
      id: row.id,
      generation: row.generation,
      isPublic: row.visibility === "public" && row.status === published,
      hasCover: row.hasCover,
      ...(row.coverMediaId !== null && { coverMediaId: row.coverMediaId }),
      isPlayable: row.status === published,
      allowDownload: row.allowDownload || row.isMine,
      isGranted: row.isGranted,
      extras: [],
    }));
    // Until it can be played there is the original, which its owner alone sees.
    const ofMedia = rows
      .filter((row) => row.status !== published && row.isMine)
      .map(({ mediaId }) => ({
        scope: "media" as const,
        id: mediaId,
        generation: 0,
        isPublic: false,
        hasCover: false,
        isPlayable: false,
        allowDownload: true,
        extras: [],
      }));
    const [shown, originals] = await Promise.all([links(ofVideos), links(ofMedia)]);
    return rows.map((row) => {
      const link = shown.get(row.id);
      const original = originals.get(row.mediaId)?.downloadUrl;
      return {
        play_url: absolute(link?.downloadUrl || link?.hlsUrl || original || ""),
        cover_url: absolute(row.coverUrl || link?.coverUrl || defaults.cover),
      };
    });
  }

  return {
    users,

    async videos(rows: readonly Video[]) {
      const ids = rows.map(({ id }) => id);
      const [authors, states, urls] = await Promise.all([
        users(rows.map(({ userId }) => userId)),
        inBatches(ids, async (some) => (await client(interaction).states({ videoIds: some }, call)).items),
        addresses(rows),
      ]);
      const stateOf = keyed(states, ({ videoId }) => videoId);
      return rows.flatMap(({ id, userId, title }, place) => {
        const author = authors.get(userId);
        const { likeCount = 0, commentCount = 0, isLiked = false } = stateOf.get(id) ?? {};
        return author
          ? [
              {
                id,
                author,
                ...urls[place],
                favorite_count: likeCount,
                comment_count: commentCount,
                is_favorite: isLiked,
                title,
              },
            ]
          : [];
      });
    },

    async comments(rows: readonly { id: Id; userId: Id; content: string; createdAtMs: number }[]) {
      const authors = await users(rows.map(({ userId }) => userId));
      return rows.flatMap(({ id, userId, content, createdAtMs }) => {
        const by = authors.get(userId);
        return by ? [{ id, user: by, content, create_date: dayOf(createdAtMs) }] : [];
      });
    },
  };
}

/** `MM-DD` in the zone of the server, which the environment's TZ says. */
function dayOf(instantMs: number): string {
  const day = new Date(instantMs);
  return `${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}
