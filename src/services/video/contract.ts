import {
  command,
  service,
  Duration,
  event,
  failure,
  Id,
  Instant,
  named,
  page,
  pageInput,
  query,
  Said,
  UserRef,
} from "#kernel";
import { mutes } from "#policy/mutes";
import { blocklist } from "#policy/blocklist";
import { WordsRefused } from "#policy/blocklist";
import { Muted } from "#policy/mutes";
import { BadUrl, QuotaExceeded, TooManyImports } from "#services/upload/contract";
import { z } from "zod";

export const VideoNotFound = failure("not_found", "video.not_found", "no such video");
export const NotYourVideo = failure("denied", "video.not_yours", "only its owner can change a video");
export const MediaMissing = failure("not_found", "video.media_not_found", "no such media object of yours");
export const NotAVideo = failure("invalid", "video.not_a_video", "a picture is not a video", undefined, 415);
export const NothingToPublish = failure(
  "invalid",
  "video.nothing_to_publish",
  "name the uploaded media object or an address, or send the file",
);
/** What its owner is told while its file is fetched from an address. */
export const Fetching = failure("unavailable", "video.fetching", "its file is being fetched from its address");
/** What its owner is told of a video whose file did not arrive; why upload gave it up stands in its place where it said so. */
export const FetchFailed = failure("conflict", "video.fetch_failed", "the video could not be fetched from its address");
export const FetchCancelled = failure("conflict", "video.fetch_cancelled", "fetching the video was given up");
/** That it is there may be known; what it is, of whom, and how it looks is told to who knows the password. */
export const PasswordNeeded = failure("denied", "video.password_required", "this video needs its password");
export const WrongPassword = failure("denied", "video.wrong_password", "this is not the password of this video");
export const NoPassword = failure("conflict", "video.no_password", "this video has no password");
export const PasswordMissing = failure("invalid", "video.password_missing", "choose a password for this video");
export const UnknownCategory = failure("invalid", "video.unknown_category", "there is no such category");
export const CategoryNotFound = failure("not_found", "video.category_not_found", "there is no such category");
export const PublishedAlready = failure("conflict", "video.published_already", "this video is published already");
export const TooLate = failure("invalid", "video.too_far_ahead", "a video is published within a year");
export const PlaylistNotFound = failure("not_found", "video.playlist_not_found", "no such playlist");
export const NotYourPlaylist = failure("denied", "video.not_your_playlist", "only its owner can change a playlist");
export const NotInPlaylist = failure("not_found", "video.not_in_playlist", "this video is not in the playlist");
export const PlaylistFull = failure("conflict", "video.playlist_full", "a playlist holds 1,000 videos at most");
export const TooManyPlaylists = failure("conflict", "video.too_many_playlists", "nobody has more than 500 playlists");
export const TooManyTries = failure(
  "exhausted",
  "video.too_many_tries",
  "too many wrong passwords, wait a little",
  z.object({ retryAfterMs: z.int().nonnegative() }),
);
export const UnknownUser = failure("not_found", "user.not_found", "no such user");

/** A part of a film that has a name; it lasts until the next one. */
export const Chapter = z.object({ startMs: Duration, title: z.string() }).meta({ id: "Chapter" });
export type Chapter = z.infer<typeof Chapter>;

/** The file that is to take the place of a video's own: it does when it can be played, and never when it failed. */
export const Replacement = z.object({
  mediaId: Id,
  status: z.enum(["processing", "failed"]),
  statusReason: z.object({ error: z.string(), message: z.string() }).nullable(),
});

export const Visibility = z.enum(["public", "unlisted", "private", "followers", "password"]);
export type Visibility = z.infer<typeof Visibility>;

/** 0 processing, 1 published, 2 could not be processed, 3 taken down, 4 ready and held back by its owner. */
export const Status = z.int().min(0).max(4);

/** What a video can be about. */
export const Category = z.object({ id: Id, names: z.object({ en: z.string(), zh: z.string() }) });

/** What the catalogue knows. Author, counts, viewer's marks and addresses are added at the edge by those who own them. */
export const Video = z
  .object({
    id: Id,
    userId: Id,
    mediaId: Id,
    title: z.string(),
    description: z.string(),
    durationMs: Duration,
    width: z.int(),
    height: z.int(),
    sizeBytes: named("file_size", z.int()),
    categoryId: Id.nullable(),
    tags: z.array(z.string()),
    hashtags: z.array(z.string()),
    status: Status,
    /** Why it cannot be watched, where there is more to say than its status: why it failed, was taken down, or waits. */
    statusReason: z.object({ error: z.string(), message: z.string() }).nullable(),
    visibility: Visibility,
    isPublic: z.boolean(),
    /** Grows when what may be seen by whom changes, or what is seen; part of every segment's path. */
    generation: z.int(),
    hasCover: z.boolean(),
    /** A picture elsewhere that the owner chose; empty for one stored here and for the automatic one. */
    coverUrl: named("chosen_cover_url", z.string()),
    /** The picture stored here that the owner chose: shown to whoever may see the video, under its own addresses. */
    coverMediaId: Id.nullable(),
    allowComment: z.boolean(),
    allowDownload: z.boolean(),
    isMine: z.boolean(),
    /** It was decided for this viewer alone: they know its password, or it is their office. */
    isGranted: z.boolean().default(false),
    /** What its owner sees of the file that is to replace its own; null where there is none. */
    replacement: Replacement.nullable(),
    /** What the times in its description make of it; none, or three at least from 0 on. */
    chapters: z.array(Chapter),
    /** It is not published when it is ready, but when its owner says so or at `publishAt`. */
    isDraft: z.boolean(),
    /** When it publishes itself; for its owner. */
    publishAtMs: Instant.nullable(),
    createdAtMs: Instant,
    publishedAtMs: Instant.nullable(),
  })
  .meta({ id: "Video" });
export type Video = z.infer<typeof Video>;

export const Playlist = z
  .object({
    id: Id,
    userId: Id,
    title: z.string(),
    description: z.string(),
    visibility: z.enum(["public", "unlisted", "private"]),
    isMine: z.boolean(),
    createdAtMs: Instant,
  })
  .meta({ id: "Playlist" });
export type Playlist = z.infer<typeof Playlist>;

const knownOfPlaylist = {
  playlistId: Id,
  userId: Id,
  title: z.string(),
  description: z.string(),
  visibility: Playlist.shape.visibility,
  version: z.int(),
};

/** What the catalogue itself knows of how a video does; the counts are added at the edge by those who own them. */
export const Statistics = z
  .object({
    id: Id,
    createdAtMs: Instant,
    publishedAtMs: Instant.nullable(),
    durationMs: Duration,
    sizeBytes: named("file_size", z.int()),
    /** In how many playlists it is, of anybody. */
    playlistCount: z.int(),
  })
  .meta({ id: "VideoStatistics" });

const text = (max: number) => z.string().trim().normalize("NFC").max(max);
const changeable = {
  description: z.string().max(1_000),
  /** An own picture's address, one elsewhere, or empty for the automatic cover; the video's present one changes nothing. */
  coverUrl: named(
    "cover_url",
    z
      .string()
      .max(2_000)
      .regex(/^(?:$|https?:\/\/[^\s<>"]+$|\/[^\s<>"]+$)/, "an http or https address, or a path of this instance"),
  ),
  categoryId: Id,
  tags: z.array(text(50)).max(30),
  hashtags: z.array(text(51)).max(30),
  visibility: Visibility,
  /** Of a video with `visibility: password`; never told again. */
  password: z.string().min(4).max(128),
  isPublic: z.boolean(),
  allowComment: z.boolean(),
  allowDownload: z.boolean(),
};

/** Hashtags are those given and those its title and description name; the others are absent in what older versions told. */
const wording = {
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  hashtags: z.array(z.string()),
};

const aboutPlaylist = {
  title: Said(100),
  description: z.string().max(500),
  visibility: Playlist.shape.visibility,
};

export const video = service(
  "video",
  1,
  {
    create: command({
      http: "POST /api/v1/videos",
      upload: { field: "file", gives: "mediaId" },
      auth: "user",
      summary:
        "Publishes an uploaded media object, the file of a multipart form, or what is fetched from `video_url`; it shows as soon as it can be played.",
      input: z.object({
        title: Said(200),
        mediaId: Id.optional(),
        videoUrl: z
          .url({ protocol: /^https?$/ })
          .max(2_000)
          .optional(),
        /** What the client believes; the media itself is the truth. */
        durationMs: Duration.optional(),
        width: z.int().nonnegative().optional(),
        height: z.int().nonnegative().optional(),
        /** Held back until it is published by hand. */
        draft: z.boolean().default(false),
        /** Held back until then; what is past means at once. */
        publishAtMs: Instant.optional(),
        ...z.object(changeable).partial().shape,
      }),
      output: Video,
      errors: [
        MediaMissing,
        NotAVideo,
        NothingToPublish,
        BadUrl,
        TooManyImports,
        QuotaExceeded,
        PasswordMissing,
        UnknownCategory,
        TooLate,
        Muted,
        WordsRefused,
      ],
    }),
    /** As `create`, for APIs where a title may be empty. */
    post: command({
      auth: "service",
      input: z.object({ mediaId: Id, title: z.string().max(200) }),
      output: Video,
      errors: [MediaMissing, NotAVideo],
    }),
    get: query({
      http: "GET /api/v1/videos/:id",
      auth: "public",
      summary: "A video one may see.",
      input: z.object({ id: Id }),
      output: Video,
      errors: [VideoNotFound, PasswordNeeded],
    }),
    categories: query({
      http: "GET /api/v1/videos/categories",
      auth: "public",
      summary: "What a video can be about.",
      input: z.object({}),
      output: z.object({ items: z.array(Category) }),
    }),
    ofCategory: query({
      http: "GET /api/v1/videos/categories/:id/videos",
      auth: "public",
      summary: "The public videos of a category, the latest published first.",
      input: z.object({ id: Id, ...pageInput }),
      output: page(Video),
      errors: [CategoryNotFound],
    }),
    publish: command({
      http: "POST /api/v1/videos/:id/publish",
      auth: "user",
      idempotent: true,
      summary: "Publishes what was held back: at once when it is ready, else as soon as it is.",
      input: z.object({ id: Id }),
      output: Video,
      errors: [VideoNotFound, NotYourVideo, PasswordNeeded, Muted],
    }),
    unlock: command({
      http: "POST /api/v1/videos/:id/unlock",
      auth: "public",
      rate: "login",
      summary:
        "Takes a video's password and gives what opens it for some hours: sent as the header `X-Kinora-Unlock` with every request about it.",
      input: z.object({ id: Id, password: z.string().max(128) }),
      output: z.object({ unlock: z.string(), expiresAtMs: Instant }),
      errors: [VideoNotFound, NoPassword, WrongPassword, TooManyTries],
    }),
    update: command({
      http: "PUT /api/v1/videos/:id",
      auth: "user",
      idempotent: true,
      summary: "Changes one's own video; fields that are left out stay.",
      input: z.object({
        id: Id,
        title: Said(200).optional(),
        /** When what is held back publishes itself. */
        publishAtMs: Instant.optional(),
        /** What is held back publishes itself no more. */
        draft: z.literal(true).optional(),
        ...z.object(changeable).partial().shape,
        /** Null takes it out of the one it is in. */
        categoryId: Id.nullable().optional(),
      }),
      output: Video,
      errors: [
        VideoNotFound,
        NotYourVideo,
        MediaMissing,
        PasswordNeeded,
        PasswordMissing,
        UnknownCategory,
        PublishedAlready,
        TooLate,
        Muted,
        WordsRefused,
      ],
    }),
    remove: command({
      http: "DELETE /api/v1/videos/:id",
      auth: "user",
      idempotent: true,
      summary: "Hides one's own video at once; its bytes go after the grace time.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [VideoNotFound, NotYourVideo, PasswordNeeded],
    }),
    replaceMedia: command({
      http: "PUT /api/v1/videos/:id/media",
      auth: "user",
      idempotent: true,
      summary:
        "Gives one's own video another file; it plays the old one until the new one can be played, and keeps it should that fail.",
      input: z.object({ id: Id, mediaId: Id }),
      output: Video,
      errors: [VideoNotFound, NotYourVideo, MediaMissing, NotAVideo, PasswordNeeded],
    }),
    keepMedia: command({
      http: "DELETE /api/v1/videos/:id/media",
      auth: "user",
      idempotent: true,
      summary: "Gives up the file that was to replace one's video's own, whether it is being prepared or has failed.",
      input: z.object({ id: Id }),
      output: Video,
      errors: [VideoNotFound, NotYourVideo, PasswordNeeded],
    }),
    ofUser: query({
      http: "GET /api/v1/users/:id/videos",
      auth: "public",
      summary:
        "Somebody's videos, the latest published first; one's own, with those not public or not ready, newest first.",
      input: z.object({ id: UserRef, ...pageInput }),
      output: page(Video),
      errors: [UnknownUser],
    }),
    statistics: query({
      http: "GET /api/v1/videos/:id/statistics",
      auth: "user",
      summary: "How one's own video does.",
      input: z.object({ id: Id }),
      output: Statistics,
      errors: [VideoNotFound, NotYourVideo, PasswordNeeded],
    }),
    createPlaylist: command({
      http: "POST /api/v1/playlists",
      auth: "user",
      summary: "Makes a playlist with nothing in it.",
      input: z.object({
        title: aboutPlaylist.title,
        description: aboutPlaylist.description.default(""),
        visibility: aboutPlaylist.visibility.default("private"),
      }),
      output: Playlist,
      errors: [TooManyPlaylists, Muted, WordsRefused],
    }),
    playlist: query({
      http: "GET /api/v1/playlists/:id",
      auth: "public",
      summary: "A playlist one may see.",
      input: z.object({ id: Id }),
      output: Playlist,
      errors: [PlaylistNotFound],
    }),
    updatePlaylist: command({
      http: "PUT /api/v1/playlists/:id",
      auth: "user",
      idempotent: true,
      summary: "Changes one's own playlist; fields that are left out stay.",
      input: z.object({ id: Id, ...z.object(aboutPlaylist).partial().shape }),
      output: Playlist,
      errors: [PlaylistNotFound, NotYourPlaylist, Muted, WordsRefused],
    }),
    removePlaylist: command({
      http: "DELETE /api/v1/playlists/:id",
      auth: "user",
      idempotent: true,
      summary: "Removes one's own playlist; the videos stay.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [PlaylistNotFound, NotYourPlaylist],
    }),
    playlistItems: query({
      http: "GET /api/v1/playlists/:id/items",
      auth: "public",
      summary: "What is in a playlist, in its order, without what one may not see.",
      input: z.object({ id: Id, ...pageInput }),
      output: page(Video),
      errors: [PlaylistNotFound],
    }),
    addToPlaylist: command({
      http: "POST /api/v1/playlists/:id/items",
      auth: "user",
      idempotent: true,
      summary: "Adds a video at the end; one that is in it stays where it is.",
      input: z.object({ id: Id, videoId: Id }),
      output: z.object({ added: z.boolean() }),
      errors: [PlaylistNotFound, NotYourPlaylist, VideoNotFound, PasswordNeeded, PlaylistFull],
    }),
    removeFromPlaylist: command({
      http: "DELETE /api/v1/playlists/:id/items/:video",
      auth: "user",
      idempotent: true,
      summary: "Takes a video out of one's own playlist.",
      input: z.object({ id: Id, video: Id }),
      output: z.object({}),
      errors: [PlaylistNotFound, NotYourPlaylist],
    }),
    moveInPlaylist: command({
      http: "PUT /api/v1/playlists/:id/items/:video",
      auth: "user",
      idempotent: true,
      summary: "Puts a video behind another one of the playlist, or first where none is named.",
      input: z.object({ id: Id, video: Id, afterId: Id.optional() }),
      output: z.object({}),
      errors: [PlaylistNotFound, NotYourPlaylist, NotInPlaylist],
    }),
    playlistsOf: query({
      http: "GET /api/v1/users/:id/playlists",
      auth: "public",
      summary: "Somebody's playlists, latest first; one's own include those not public.",
      input: z.object({ id: UserRef, ...pageInput }),
      output: page(Playlist),
      errors: [UnknownUser],
    }),
    /** Those of these the caller may see, in the order asked; others are left out, and what is of whom a block parts them from. */
    visible: query({
      auth: "service",
      input: z.object({ ids: z.array(Id).max(200) }),
      output: z.object({ items: z.array(Video) }),
    }),
    /** Whether the caller may watch it, and what is behind it; for streaming and interaction. */
    playable: query({
      auth: "service",
      /** `isGranted`: a token of ours says that it was decided for whoever asks, in the generation it is in. */
      input: z.object({ id: Id, isGranted: z.boolean().default(false) }),
      output: z.object({
        id: Id,
        userId: Id,
        mediaId: Id,
        title: z.string(),
        visibility: Visibility,
        status: Status,
        generation: z.int(),
        allowDownload: z.boolean(),
        allowComment: z.boolean(),
        coverMediaId: Id.nullable(),
        durationMs: Duration,
        chapters: z.array(Chapter),
        isGranted: z.boolean().default(false),
      }),
      errors: [VideoNotFound, PasswordNeeded],
    }),
    /** All videos there are, whoever may see them, in batches: those after this id. For what is made of the catalogue. */
    batch: query({
      auth: "service",
      input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(500).default(200) }),
      output: z.object({
        items: z.array(
          z.object({
            videoId: Id,
            userId: Id,
            title: z.string(),
            ...wording,
            visibility: Visibility,
            publishedAtMs: Instant.nullable(),
            version: z.int(),
          }),
        ),
      }),
    }),
    /** All playlists there are, whoever may see them, in batches: those after this id. */
    playlistBatch: query({
      auth: "service",
      input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(500).default(200) }),
      output: z.object({ items: z.array(z.object(knownOfPlaylist)) }),
    }),
    /** Under which names everybody is given the bytes of a media object. */
    publicOf: query({
      auth: "service",
      input: z.object({ mediaId: Id }),
      output: z.object({ items: z.array(z.object({ id: Id, generation: z.int() })) }),
    }),
    /** Public, published videos per author. */
    authorCounts: query({
      auth: "service",
      input: z.object({ userIds: z.array(Id).max(200) }),
      output: z.object({ items: z.array(z.object({ userId: Id, videoCount: z.int() })) }),
    }),
    ...mutes.methods,
    ...blocklist.methods,
  },
  { holdsUserData: true },
);

/** It can be watched for the first time; told for every visibility, so that consumers look at the field. */
export const videoPublished = event(
  "video.published.v1",
  z.object({
    videoId: Id,
    userId: Id,
    title: z.string().max(200),
    ...wording,
    visibility: Visibility,
    publishedAtMs: Instant,
    version: z.int(),
  }),
);
export const videoUpdated = event(
  "video.updated.v1",
  z.object({
    videoId: Id,
    userId: Id,
    changed: z.array(z.string()),
    title: z.string().max(200),
    ...wording,
    visibility: Visibility,
    /** Null while it cannot be watched. */
    publishedAtMs: Instant.nullable(),
    generation: z.int(),
    version: z.int(),
    /** Of what was shown before this change; absent in what older versions told. */
    mediaId: Id.optional(),
    coverMediaId: Id.nullable().optional(),
  }),
);
/** It shows another media object from here on. */
export const videoMediaReplaced = event(
  "video.media_replaced.v1",
  z.object({ videoId: Id, userId: Id, mediaId: Id, formerMediaId: Id }),
);
/** No video shows this media object or waits for it any more, and none will; what a deleted one showed it tells itself. */
export const videoMediaReleased = event("video.media_released.v1", z.object({ videoId: Id, userId: Id, mediaId: Id }));
/** `isLastOfMedia`: no other video shows the same media object any more. */
export const videoDeleted = event(
  "video.deleted.v1",
  z.object({
    videoId: Id,
    userId: Id,
    mediaId: Id,
    isLastOfMedia: z.boolean(),
    /** Absent in what older versions told. */
    generation: z.int().optional(),
    coverMediaId: Id.nullable().optional(),
  }),
);
/** What a playlist says of itself, told when it is made and whenever it says something else. */
export const playlistUpdated = event("playlist.updated.v1", z.object(knownOfPlaylist));
export const playlistDeleted = event("playlist.deleted.v1", z.object({ playlistId: Id, userId: Id }));
