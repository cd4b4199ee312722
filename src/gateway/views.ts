import { Duration, Id, PublicPath } from "#kernel";
import { once } from "#kernel/once";
import { Instance, Session } from "#services/auth/contract";
import { FoundHashtag, FoundUser, FoundVideo } from "#services/search/contract";
import { Hashtag, hashtag, TaggedVideo } from "#services/hashtag/contract";
import { Comment, interaction, KeptVideo, LikedVideo, WatchedVideo } from "#services/interaction/contract";
import { Media, media } from "#services/media/contract";
import { Conversation, Notification, Update } from "#services/message/contract";
import { FeedItem } from "#services/recommend/contract";
import { Case } from "#services/moderation/contract";
import { relation } from "#services/relation/contract";
import { streaming } from "#services/streaming/contract";
import { DamagedObject } from "#services/transfer/contract";
import { Finished } from "#services/upload/contract";
import { User, UserBrief, user } from "#services/user/contract";
import { Statistics, Video, video } from "#services/video/contract";
import { z } from "zod";
import { placed } from "./uploads/placing.ts";
import { type Ask, inOrder, type Part, type View, view } from "./view.ts";

/** Names are looked up for this many people at once. */
const namesMax = 200;

/** Whether the viewer follows somebody. */
const followed = { isFollowed: z.boolean() };
const unfollowed = { isFollowed: false };

/** Which of these people the viewer follows. What shows them is whole without it. */
async function followedOf(userIds: readonly number[], ask: Ask): Promise<ReadonlySet<number>> {
  if (ask.call.userId === undefined) return new Set();
  try {
    const followed = await ask.client(relation).followed({ userIds: [...new Set(userIds)] }, ask.call);
    return new Set(followed.userIds);
  } catch (error) {
    ask.degraded("followed", error);
    return new Set();
  }
}

const isFollowed: Part<{ id: number }> = {
  name: "followed",
  adds: z.object(followed),
  none: () => unfollowed,
  async of(rows, ask) {
    const ids = await followedOf(
      rows.map((row) => row.id),
      ask,
    );
    return rows.map(({ id }) => ({ isFollowed: ids.has(id) }));
  },
};

const Author = UserBrief.omit({ introduction: true }).extend(followed).meta({ id: "Author" });

type Named = z.output<typeof user.methods.briefs.output>["items"][number];
const asFollowed = once((found: Named) => ({ user: { ...found, isFollowed: true } }));
const asOther = once((found: Named) => ({ user: { ...found, ...unfollowed } }));

const author: Part<{ userId: number }> = {
  name: "author",
  adds: z.object({ user: Author }),
  // A profile that cannot be had is a name that cannot be shown; the row is whole without it.
  none: ({ userId }) => ({ user: { id: userId, username: "", nickname: "", avatar: "", ...unfollowed } }),
  async of(rows, ask) {
    const ids = [...new Set(rows.map((row) => row.userId))];
    const [{ items }, followedIds] = await Promise.all([
      ask.client(user).briefs({ ids }, ask.call),
      followedOf(ids, ask),
    ]);
    return inOrder(
      rows,
      (row) => row.userId,
      items,
      (item) => item.id,
    ).map((found) => found && (followedIds.has(found.id) ? asFollowed(found) : asOther(found)));
  },
};

const Counts = z.object({
  playCount: z.int(),
  likeCount: z.int(),
  commentCount: z.int(),
  shareCount: z.int(),
  favoriteCount: z.int(),
  isLiked: z.boolean(),
  isFavorited: z.boolean(),
  /** Where the viewer stopped watching; 0 where they did not begin or came to the end. */
  positionMs: Duration,
});
const untouched: z.output<typeof Counts> = {
  playCount: 0,
  likeCount: 0,
  commentCount: 0,
  shareCount: 0,
  favoriteCount: 0,
  isLiked: false,
  isFavorited: false,
  positionMs: 0,
};
const counts: Part<{ id: number }> = {
  name: "counts",
  adds: Counts,
  none: () => untouched,
  async of(rows, { client, call }) {
    const { items } = await client(interaction).states({ videoIds: rows.map((row) => row.id) }, call);
    return inOrder(
      rows,
      (row) => row.id,
      items,
      (item) => item.videoId,
    );
  },
};

const Addresses = z.object({
  coverUrl: PublicPath,
  videoUrl: PublicPath,
  hlsUrl: PublicPath,
  /** Null while it cannot be played. */
  dashUrl: PublicPath.nullable(),
  downloadUrl: PublicPath.nullable(),
  /** Three seconds of it that move, as AVIF; null where there are none. */
  previewUrl: PublicPath.nullable(),
  /** How loud it is when: `{ peak_ms, peaks }`, 0–255; null where there is nothing to hear. */
  waveformUrl: PublicPath.nullable(),
  /** The cover in a few bytes (thumbhash, base64), shown while it is fetched; null where another was chosen. */
  thumb: z.string().nullable(),
  /** By how many decibels a player turns it up or down, so that all are alike; its peaks stay below -1 dBTP. */
  gainDb: z.number(),
});
const nowhere: z.output<typeof Addresses> = {
  coverUrl: "",
  videoUrl: "",
  hlsUrl: "",
  dashUrl: null,
  downloadUrl: null,
  previewUrl: null,
  waveformUrl: null,
  thumb: null,
  gainDb: 0,
};
const published = 1;
/** Its owner watches it before others do. */
const held = 4;

type Brief = z.output<typeof media.methods.briefs.output>["items"][number];

/** What is known of the media behind videos. They are whole without it. */
async function briefsOf(rows: readonly Video[], ask: Ask): Promise<(Brief | undefined)[]> {
  try {
    const ids = [...new Set(rows.map((row) => row.mediaId))];
    const { items } = await ask.client(media).briefs({ ids }, ask.call);
    return inOrder(
      rows,
      (row) => row.mediaId,
      items,
      (item) => item.id,
    );
  } catch (error) {
    ask.degraded("looks", error);
    return [];
  }
}

const extrasOf = (brief: Brief | undefined): ("preview.avif" | "waveform.json")[] => [
  ...(brief?.hasPreview ? ["preview.avif" as const] : []),
  ...(brief?.hasWaveform ? ["waveform.json" as const] : []),
];

/** Those of what everybody may watch: they hold no token, and depend on the video and its media alone. */
const known = new WeakMap<Video, { brief: Brief | undefined; addresses: z.output<typeof Addresses> }>();
const isEverybodys = ({ visibility, status }: Video): boolean => visibility === "public" && status === published;

const addresses: Part<Video> = {
  name: "addresses",
  adds: Addresses,
  none: () => nowhere,
  async of(rows, ask) {
    const briefs = await briefsOf(rows, ask);
    const made = rows.map((row, n) => {
      const before = known.get(row);
      return before?.brief === briefs[n] ? before?.addresses : undefined;
    });
    const others = rows.flatMap((row, n) => (made[n] ? [] : [{ row, brief: briefs[n] }]));
    if (others.length === 0) return made;
    const told = (await addressesOf(others, ask)).values();
    return rows.map((row, n) => {
      if (made[n]) return made[n];
      const addresses = told.next().value;
      if (addresses && isEverybodys(row) && Object.isFrozen(row))
        known.set(row, { brief: briefs[n], addresses: Object.freeze(addresses) });
      return addresses;
    });
  },
};

interface Looking {
  readonly row: Video;
  readonly brief: Brief | undefined;
}
async function addressesOf(
  asked: readonly Looking[],
  { client, call }: Ask,
): Promise<(z.output<typeof Addresses> | undefined)[]> {
  const { items } = await client(streaming).links({ items: asked.map(linksWanted) }, call);
  const links = inOrder(
    asked,
    ({ row }) => row.id,
    items,
    (item) => item.id,
  );
  return asked.map(({ row: { coverUrl: elsewhere, coverMediaId }, brief }, n) => {
    const found = links[n];
    const extra = (name: string) => found?.extras.find((one) => one.name === name)?.url ?? null;
    return (
      found && {
        coverUrl: elsewhere || found.coverUrl,
        videoUrl: found.videoUrl,
        hlsUrl: found.hlsUrl,
        dashUrl: found.dashUrl || null,
        downloadUrl: found.downloadUrl,
        previewUrl: extra("preview.avif"),
        waveformUrl: extra("waveform.json"),
        thumb: (elsewhere || coverMediaId ? null : brief?.thumb) ?? null,
        gainDb: brief?.gainDb ?? 0,
      }
    );
  });
}

const linksWanted = ({ row, brief }: Looking) => {
  const { id, generation, hasCover, coverMediaId, status, allowDownload, isMine, isGranted } = row;
  const isPlayable = status === published || status === held;
  return {
    scope: "video" as const,
    id,
    generation,
    isPublic: isEverybodys(row),
    hasCover,
    ...(coverMediaId !== null && { coverMediaId }),
    isPlayable,
    allowDownload: allowDownload || isMine,
    isGranted,
    extras: isPlayable ? extrasOf(brief) : [],
  };
};

const videoView = view({
  id: "Video",
  base: Video,
  hidden: ["generation", "hasCover", "coverUrl", "coverMediaId", "isGranted"],
  parts: [author, counts, addresses],
});

const Told = Counts.omit({ isLiked: true, isFavorited: true, positionMs: true });
const statisticsView = view({
  id: "VideoStatistics",
  base: Statistics,
  parts: [{ ...counts, adds: Told, none: () => Told.parse(untouched) }],
});

/** The video a row of a list is about; a row whose video the viewer may not see is left out. */
const itsVideo: Part<{ videoId: number }> = {
  name: "video",
  adds: z.object(videoView.full.shape),
  none: () => ({}),
  async of(rows, ask) {
    const { items } = await ask.client(video).visible({ ids: rows.map((row) => row.videoId) }, ask.call);
    const whole = await videoView.compose(items, ask);
    const byId = new Map(items.map((item, place) => [item.id, whole[place]]));
    return rows.map((row) => byId.get(row.videoId));
  },
};
const about = { hidden: ["videoId"] as const, required: "video", parts: [itsVideo] };
const feedView = view({ id: "FeedVideo", base: FeedItem, ...about });
const likedView = view({ id: "LikedVideo", base: LikedVideo, ...about });
const keptView = view({ id: "FavoriteVideo", base: KeptVideo, ...about });
const watchedView = view({ id: "WatchedVideo", base: WatchedVideo, ...about });
const taggedView = view({ id: "TaggedVideo", base: TaggedVideo, ...about });

const foundVideoView = view({ id: "FoundVideo", base: FoundVideo, ...about });
const foundHashtagView = view({
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

const commentView = view({ id: "Comment", base: Comment, parts: [author] });

/** Names and pictures of people, by their ids; those that cannot be had are left out. */
async function authorsOf(userIds: readonly number[], ask: Ask): Promise<ReadonlyMap<number, z.output<typeof Author>>> {
  const ids = [...new Set(userIds)].slice(0, namesMax);
  const [{ items }, followedIds] = await Promise.all([
    ask.client(user).briefs({ ids }, ask.call),
    followedOf(ids, ask),
  ]);
  return new Map(
    items.map((item) => [item.id, { ...Author.parse({ ...item, isFollowed: followedIds.has(item.id) }) }]),
  );
}

const Named = UserBrief.pick({ username: true, nickname: true, avatar: true });
/** Somebody who was deleted has no name. */
const unnamed: z.output<typeof Named> = { username: "", nickname: "", avatar: "" };
const conversationView = view({
  id: "Conversation",
  base: Conversation,
  parts: [
    {
      name: "other",
      adds: Named,
      none: () => unnamed,
      async of(rows, { client, call }) {
        const ids = [...new Set(rows.map((row) => row.userId))];
        const { items } = await client(user).briefs({ ids }, call);
        return inOrder(
          rows,
          (row) => row.userId,
          items,
          (item) => item.id,
        ).map((found) => found && Named.parse(found));
      },
    },
  ],
});

const notificationView = view({
  id: "Notification",
  base: Notification,
  hidden: ["senderIds"],
  parts: [
    {
      name: "senders",
      adds: z.object({ sender: Author.nullable(), senders: z.array(Author) }),
      none: () => ({ sender: null, senders: [] }),
      async of(rows, ask) {
        const known = await authorsOf(
          rows.flatMap(({ senderIds }) => senderIds),
          ask,
        );
        return rows.map(({ senderId, senderIds }) => ({
          sender: (senderId === null ? null : known.get(senderId)) ?? null,
          senders: senderIds.flatMap((id) => known.get(id) ?? []),
        }));
      },
    },
  ],
});

/** What the socket and the list of updates say, word for word the same. */
export const updateView = view({
  id: "Update",
  base: Update,
  parts: [
    {
      name: "notification",
      adds: z.object({ notification: notificationView.full.nullable() }),
      none: () => ({ notification: null }),
      async of(rows, ask) {
        const whole = await notificationView.hydrate(
          rows.flatMap(({ notification }) => notification ?? []),
          ask,
        );
        const next = whole.values();
        return rows.map((row) => ({ notification: row.notification === null ? null : (next.next().value ?? null) }));
      },
    },
  ],
});

const UserCounts = z.object({
  followCount: z.int(),
  followerCount: z.int(),
  videoCount: z.int(),
  likeCount: z.int(),
  favoriteCount: z.int(),
});
const untied = { isFollowed: false, isBlocked: false };
const userView = view({
  id: "User",
  base: User,
  parts: [
    {
      name: "tie",
      /** What the viewer made of somebody: follows them, blocks them. */
      adds: z.object({ isFollowed: z.boolean(), isBlocked: z.boolean() }),
      none: () => untied,
      async of(rows, { client, call }) {
        if (call.userId === undefined) return rows.map(() => untied);
        const { items } = await client(relation).states({ userIds: rows.map((row) => row.id) }, call);
        return inOrder(
          rows,
          (row) => row.id,
          items,
          (item) => item.userId,
        ).map((found) => found && { isFollowed: found.isFollowed, isBlocked: found.isBlocked });
      },
    },
    {
      name: "relations",
      adds: UserCounts.pick({ followCount: true, followerCount: true }),
      none: () => ({ followCount: 0, followerCount: 0 }),
      async of(rows, { client, call }) {
        const { items } = await client(relation).counts({ userIds: rows.map((row) => row.id) }, call);
        return inOrder(
          rows,
          (row) => row.id,
          items,
          (item) => item.userId,
        ).map((found) => found && { followCount: found.followCount, followerCount: found.followerCount });
      },
    },
    {
      name: "videos",
      adds: UserCounts.pick({ videoCount: true }),
      none: () => ({ videoCount: 0 }),
      async of(rows, { client, call }) {
        const { items } = await client(video).authorCounts({ userIds: rows.map((row) => row.id) }, call);
        return inOrder(
          rows,
          (row) => row.id,
          items,
          (item) => item.userId,
        ).map((found) => found && { videoCount: found.videoCount });
      },
    },
    {
      name: "likes",
      adds: UserCounts.pick({ likeCount: true, favoriteCount: true }),
      none: () => ({ likeCount: 0, favoriteCount: 0 }),
      async of(rows, { client, call }) {
        const { items } = await client(interaction).authorCounts({ userIds: rows.map((row) => row.id) }, call);
        return inOrder(
          rows,
          (row) => row.id,
          items,
          (item) => item.userId,
        ).map((found) => found && { likeCount: found.likeCount, favoriteCount: found.favoriteCount });
      },
    },
  ],
});

/** Somebody in a list of people. */
const briefView = view({ id: "UserBrief", base: UserBrief, parts: [isFollowed] });

const foundUserView = view({
  id: "FoundUser",
  base: FoundUser,
  hidden: ["userId"],
  required: "user",
  parts: [
    {
      name: "user",
      adds: z.object(briefView.full.shape),
      none: () => ({}),
      async of(rows, ask) {
        const { items } = await ask.client(user).briefs({ ids: rows.map((row) => row.userId) }, ask.call);
        const whole = await briefView.compose(items, ask);
        const byId = new Map(items.map((item, place) => [item.id, whole[place]]));
        return rows.map((row) => byId.get(row.userId));
      },
    },
  ],
});

/** The profile of whoever just signed in, as its owner sees it. */
const sessionView = view({
  id: "Session",
  base: Session,
  parts: [
    {
      name: "user",
      adds: z.object({ user: userView.full.nullable() }),
      none: () => ({ user: null }),
      of: (rows, ask) =>
        Promise.all(
          rows.map(async ({ userId, role }) => {
            const own = { ...ask, call: { ...ask.call, userId, role } };
            const [whole] = await userView.hydrate([await ask.client(user).get({ id: userId }, own.call)], own);
            return { user: whole ?? null };
          }),
        ),
    },
  ],
});

const mediaView = view({
  id: "Media",
  base: Media,
  hidden: ["hasCover", "purpose"],
  parts: [
    {
      name: "addresses",
      adds: z.object({
        url: PublicPath,
        thumbnailUrl: PublicPath,
        hlsUrl: PublicPath,
        dashUrl: PublicPath.nullable(),
        renditions: z.array(Media.shape.renditions.element.extend({ url: PublicPath })),
      }),
      none: (row) => ({
        url: "",
        thumbnailUrl: "",
        hlsUrl: "",
        dashUrl: null,
        renditions: row.renditions.map((r) => ({ ...r, url: "" })),
      }),
      async of(rows, { client, call }) {
        const { items } = await client(streaming).links(
          {
            items: rows
              .filter(({ kind }) => kind !== "image")
              .map(({ id, hasCover, status, renditions }) => ({
                scope: "media",
                id,
                generation: 0,
                isPublic: false,
                hasCover,
                isPlayable: status === "ready",
                allowDownload: true,
                profiles: renditions.map(({ profile }) => profile),
              })),
          },
          call,
        );
        const links = inOrder(
          rows,
          (row) => row.id,
          items,
          (item) => item.id,
        );
        return rows.map((row, place) => {
          const found = links[place];
          if (row.kind === "image") {
            const picture = `/api/v1/media/${row.id}/picture`;
            return { url: picture, thumbnailUrl: picture, hlsUrl: "", dashUrl: null, renditions: [] };
          }
          return (
            found && {
              url: found.downloadUrl ?? "",
              thumbnailUrl: found.coverUrl,
              hlsUrl: found.hlsUrl,
              dashUrl: found.dashUrl || null,
              renditions: row.renditions.map((r) => ({
                ...r,
                url: found.renditions.find(({ profile }) => profile === r.profile)?.url ?? "",
              })),
            }
          );
        });
      },
    },
  ],
});

/** What the process knows of the instance, beside its accounts. */
export const Site = z.object({
  name: z.string(),
  uploadBytesMax: z.int(),
  languages: z.array(z.string()),
  features: z.array(z.string()),
});

const instanceView = (site: z.output<typeof Site>) =>
  view({
    id: "Instance",
    base: Instance,
    parts: [{ name: "site", adds: Site, none: () => site, of: async (rows) => rows.map(() => site) }],
  });

/** A finished upload, and where it went. */
const finishedView = view({
  id: "FinishedUpload",
  base: Finished,
  parts: [
    {
      name: "placed",
      adds: z.object({ mediaId: Id.nullable(), entryId: Id.nullable() }),
      none: () => ({ mediaId: null, entryId: null }),
      of: (rows, { client, call }) =>
        Promise.all(rows.map(({ fileId, purpose }) => placed(client, { id: fileId, purpose }, call))),
    },
  ],
});

const Owner = UserBrief.pick({ id: true, username: true, nickname: true }).meta({ id: "Owner" });
const nameless = (id: number): z.output<typeof Owner> => ({ id, username: "", nickname: "" });

const damagedView = view({
  id: "DamagedObject",
  base: DamagedObject,
  parts: [
    {
      name: "owners",
      adds: z.object({ users: z.array(Owner) }),
      none: ({ userIds }) => ({ users: userIds.map(nameless) }),
      async of(rows, { client, call }) {
        const ids = [...new Set(rows.flatMap(({ userIds }) => userIds))].slice(0, namesMax);
        const { items } = await client(user).briefs({ ids }, call);
        const known = new Map(items.map((item) => [item.id, Owner.parse(item)]));
        return rows.map(({ userIds }) => ({ users: userIds.map((id) => known.get(id) ?? nameless(id)) }));
      },
    },
  ],
});

/** Whose the thing is that was reported; null where nobody knows. */
const caseView = view({
  id: "ModerationCase",
  base: Case,
  parts: [
    {
      name: "person",
      adds: z.object({ author: Owner.nullable() }),
      none: ({ authorId }) => ({ author: authorId === null ? null : nameless(authorId) }),
      async of(rows, { client, call }) {
        const ids = [...new Set(rows.flatMap(({ authorId }) => authorId ?? []))].slice(0, namesMax);
        const { items } = ids.length === 0 ? { items: [] } : await client(user).briefs({ ids }, call);
        const known = new Map(items.map((item) => [item.id, Owner.parse(item)]));
        return rows.map(({ authorId }) => ({
          author: authorId === null ? null : (known.get(authorId) ?? nameless(authorId)),
        }));
      },
    },
  ],
});

/** Every composed answer, its parts named once. */
export const viewsOf = (site: z.output<typeof Site>): readonly View[] => [
  videoView,
  statisticsView,
  feedView,
  likedView,
  keptView,
  watchedView,
  taggedView,
  foundVideoView,
  foundUserView,
  foundHashtagView,
  commentView,
  conversationView,
  notificationView,
  updateView,
  userView,
  briefView,
  sessionView,
  mediaView,
  finishedView,
  damagedView,
  caseView,
  instanceView(site),
];
