import { Id } from "#kernel";
import { Hashtag, hashtag, TrendingHashtag, TaggedVideo } from "#services/hashtag/contract";
import {
  BegunVideo,
  ChannelAnalytics,
  FavoriteVideo,
  LikedVideo,
  TopVideo,
  WatchedVideo,
} from "#services/interaction/contract";
import { LiveClip } from "#services/live/contract";
import { FeedItem, FollowedAuthor, Interest, ListedVideo, Muted, NotInterested } from "#services/recommend/contract";
import { FoundHashtag, FoundVideo } from "#services/search/contract";
import { video } from "#services/video/contract";
import { z } from "zod";
import { inOrder, type Part, view } from "../view.ts";
import { Author, author, authorsOf, likedBy } from "./users.ts";
import { Cover, coversOf, videoView } from "./videos.ts";

/** The video a row of a list is about; a row whose video the viewer may not see is left out. */
const itsVideo: Part<{ videoId: number }> = {
  name: "video",
  adds: z.object(videoView.full.shape),
  none: () => ({}),
  async of(rows, context) {
    const { items } = await context.client(video).visible({ ids: rows.map((row) => row.videoId) }, context.call);
    const whole = await videoView.compose(items, context);
    const byId = new Map(items.map((item, place) => [item.id, whole[place]]));
    return rows.map((row) => byId.get(row.videoId));
  },
};
const about = { hidden: ["videoId"] as const, required: "video", parts: [itsVideo] };
export const feedView = view({
  id: "FeedVideo",
  base: FeedItem,
  hidden: ["videoId", "likedByIds"],
  required: "video",
  parts: [itsVideo, likedBy],
});
export const listedView = view({ id: "ListedVideo", base: ListedVideo, ...about });
export const likedView = view({ id: "LikedVideo", base: LikedVideo, ...about });
export const keptView = view({ id: "FavoriteVideo", base: FavoriteVideo, ...about });
export const watchedView = view({ id: "WatchedVideo", base: WatchedVideo, ...about });
export const begunView = view({ id: "BegunVideo", base: BegunVideo, ...about });
export const liveClipView = view({ id: "LiveClip", base: LiveClip, ...about });
export const taggedView = view({ id: "TaggedVideo", base: TaggedVideo, ...about });

/** The account a row names, if it names one that exists. */
const authorOrNull: Part<{ authorId: number | null }> = {
  name: "author",
  adds: z.object({ author: Author.nullable() }),
  none: () => ({ author: null }),
  async of(rows, context) {
    const authors = await authorsOf(
      rows.flatMap(({ authorId }) => authorId ?? []),
      context,
    );
    return rows.map(({ authorId }) => ({ author: (authorId !== null && authors.get(authorId)) || null }));
  },
};
export const interestView = view({
  id: "Interest",
  base: Interest,
  hidden: ["authorId"],
  parts: [authorOrNull],
});

export const mutedView = view({ id: "Muted", base: Muted, hidden: ["authorId"], parts: [authorOrNull] });

/** Its video is null where the caller may not see it any more. */
export const notInterestedView = view({
  id: "NotInterested",
  base: NotInterested,
  hidden: ["authorId"],
  parts: [
    {
      name: "video",
      adds: z.object({ video: videoView.full.nullable() }),
      none: () => ({ video: null }),
      async of(rows, context) {
        const ids = [...new Set(rows.map((row) => row.videoId))];
        const { items } = await context.client(video).visible({ ids }, context.call);
        const videos = await videoView.hydrate(items, context);
        const byId = new Map(items.map((item, place) => [item.id, videos[place]]));
        return rows.map((row) => ({ video: byId.get(row.videoId) ?? null }));
      },
    },
    authorOrNull,
  ],
});

const topView = view({ id: "TopVideo", base: TopVideo, ...about });
export const channelAnalyticsView = view({
  id: "ChannelAnalytics",
  base: ChannelAnalytics,
  parts: [
    {
      name: "top",
      adds: z.object({ top: z.array(topView.full) }),
      none: () => ({ top: [] }),
      of: (rows, context) => Promise.all(rows.map(async ({ top }) => ({ top: await topView.compose(top, context) }))),
    },
  ],
});

/** The cover of one of its videos; the web app shows the first that no other hashtag of the list has. */
const HashtagCover = z.object({ videoId: Id, ...Cover.shape }).meta({ id: "HashtagCover" });
export const trendingHashtagView = view({
  id: "TrendingHashtag",
  base: TrendingHashtag,
  hidden: ["videoIds"],
  parts: [
    {
      name: "covers",
      adds: z.object({ covers: z.array(HashtagCover) }),
      none: () => ({ covers: [] }),
      async of(rows, context) {
        const covers = await coversOf(
          rows.flatMap(({ videoIds }) => videoIds),
          context,
        );
        const coverOf = (videoId: number) => {
          const cover = covers.get(videoId);
          return cover === undefined ? [] : [{ videoId, ...cover }];
        };
        return rows.map(({ videoIds }) => ({ covers: videoIds.flatMap(coverOf) }));
      },
    },
  ],
});

/** An account that the viewer follows. */
export const followedAuthorView = view({
  id: "FollowedAuthor",
  base: FollowedAuthor,
  hidden: ["userId"],
  required: "author",
  parts: [author],
});

export const foundVideoView = view({ id: "FoundVideo", base: FoundVideo, ...about });
export const foundHashtagView = view({
  id: "FoundHashtag",
  base: FoundHashtag,
  hidden: ["hashtagId"],
  required: "hashtag",
  parts: [
    {
      name: "hashtag",
      adds: z.object(Hashtag.shape),
      none: () => ({}),
      async of(rows, { client, call }) {
        const { items } = await client(hashtag).briefs({ ids: rows.map((row) => row.hashtagId) }, call);
        return inOrder(
          rows,
          (row) => row.hashtagId,
          items,
          (item) => item.id,
        );
      },
    },
  ],
});
