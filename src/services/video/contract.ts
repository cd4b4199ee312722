import { PlaylistVisibility, Visibility, filterFacts, playlistFact, wording } from "#events/video";
import {
  command,
  service,
  Duration,
  failure,
  Id,
  Instant,
  named,
  page,
  pageInput,
  query,
  Title,
  UserRef,
  PictureAddress,
  SaidLine,
} from "#kernel";
import { mutes } from "#policy/copies/mutes";
import { gateGrants } from "#policy/gates/grants";
import { Gate, GateQuery, gateInput, GateState, Teaser } from "#policy/gates/fields";
import { ChainUnavailable, GateClosed, GateMissing, GatePasswordMissing } from "#policy/gates/failures";
import { TooManyTries } from "#policy/attempt-limit";
import { blocklist } from "#policy/copies/blocklist";
import { growth } from "#policy/growth";
import { WordsRefused } from "#policy/copies/blocklist";
import { UnknownCategory } from "#policy/categories";
import { Muted } from "#policy/copies/mutes";
import { UnreadablePicture } from "#services/media/contract";
import { pictureFailures, TooManyImports } from "#services/upload/contract";
import { z } from "zod";

export const VideoNotFound = failure("not_found", "video.not_found", "no such video");
export const NotYourVideo = failure("denied", "video.not_yours", "only its owner can change a video");
export const MediaMissing = failure("not_found", "video.media_not_found", "no such media object of yours");
export const NotAVideo = failure(
  "invalid",
  "video.not_a_video",
  "this file is a picture; of animated pictures, only a GIF can be published as a video",
  undefined,
  415,
);
export const NothingToPublish = failure(
  "invalid",
  "video.nothing_to_publish",
  "name the uploaded media object or an address, or send the file",
);
/** The status reason while the file is fetched from an address. */
export const Fetching = failure("unavailable", "video.fetching", "its file is being fetched from its address");
/** The status reason of a video whose file did not arrive, where upload gives none. */
export const FetchFailed = failure("conflict", "video.fetch_failed", "the video could not be fetched from its address");
export const FetchCancelled = failure("conflict", "video.fetch_cancelled", "fetching the video was given up");
/** The existence of the video is no secret; all else about it needs the password. */
export const PasswordNeeded = failure("denied", "video.password_required", "this video needs its password");
export const WrongPassword = failure("denied", "video.wrong_password", "this is not the password of this video");
export const NoPassword = failure("conflict", "video.no_password", "this video has no password");
export const PasswordMissing = failure("invalid", "video.password_missing", "choose a password for this video");
export const CategoryNotFound = failure("not_found", "video.category_not_found", "there is no such category");
export const PublishedAlready = failure("conflict", "video.published_already", "this video is published already");
export const TooLate = failure("invalid", "video.too_far_ahead", "a video is published within a year");
export const PlaylistNotFound = failure("not_found", "video.playlist_not_found", "no such playlist");
export const NotYourPlaylist = failure("denied", "video.not_your_playlist", "only its owner can change a playlist");
export const NotInPlaylist = failure("not_found", "video.not_in_playlist", "this video is not in the playlist");
export const WrongPlaylistPassword = failure(
  "denied",
  "video.wrong_playlist_password",
  "this is not the password of this playlist",
);
export const NoPlaylistPassword = failure("conflict", "video.no_playlist_password", "this playlist has no password");
export const PlaylistFull = failure("conflict", "video.playlist_full", "a playlist holds 1,000 videos at most");
export const TooManyPlaylists = failure("conflict", "video.too_many_playlists", "nobody has more than 500 playlists");
export const NothingToChange = failure(
  "invalid",
  "video.nothing_to_change",
  "name what to change about these videos, or only that they are to be deleted",
);
export const OwnListOnly = failure(
  "invalid",
  "video.own_list_only",
  "only one's own videos can be filtered and sorted",
);
export const UnknownUser = failure("not_found", "user.not_found", "no such user");

/** A named part of a film; it lasts until the next one. */
export const Chapter = z.object({ startMs: Duration, title: z.string() }).meta({ id: "Chapter" });
export type Chapter = z.infer<typeof Chapter>;

/** The file that replaces a video's own once it can be played. */
export const Replacement = z.object({
  mediaId: Id,
  status: z.enum(["processing", "failed"]),
  statusReason: z.object({ error: z.string(), message: z.string() }).nullable(),
});

/** 0 processing, 1 published, 2 could not be processed, 3 taken down, 4 ready and held back by its owner. */
export const Status = z.int().min(0).max(4);

/**
 * The filter of an owner's list by state. A planned video that is not ready yet is processing and scheduled.
 * `needs_action`: its file, or the replacement of it, could not be processed.
 */
export const ListedState = z.enum([
  "published",
  "processing",
  "failed",
  "scheduled",
  "draft",
  "taken_down",
  "needs_action",
]);
export type ListedState = z.infer<typeof ListedState>;

/** A category of videos. */
export const Category = z.object({ id: Id, names: z.object({ en: z.string(), zh: z.string() }) });

/** A video without its author, counts, viewer flags and addresses, which the gateway adds from their owners. */
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
    /** Why the video failed, was taken down, or waits. */
    statusReason: z.object({ error: z.string(), message: z.string() }).nullable(),
    visibility: Visibility,
    isPublic: z.boolean(),
    /** Grows with each change of the visibility or the media; part of every segment's path. */
    generation: z.int(),
    hasCover: z.boolean(),
    /** A path of this instance that the owner chose; empty for one stored here and for the automatic one. */
    coverUrl: named("chosen_cover_url", z.string()),
    /** The stored picture that the owner chose: visible with the video, under the video's addresses. */
    coverMediaId: Id.nullable(),
    allowComment: z.boolean(),
    allowDownload: z.boolean(),
    isMine: z.boolean(),
    /** This viewer has shown to know the password. */
    isGranted: z.boolean().default(false),
    /** The terms that open it, for its owner; absent where the visibility is another. */
    gate: Gate.optional(),
    /** For its owner. */
    teaser: Teaser.optional(),
    /** The pending replacement, for its owner; null where there is none. */
    replacement: Replacement.nullable(),
    /** The chapters in its description, otherwise those inside its file; in order, none or two at least. */
    chapters: z.array(Chapter),
    /** Held back until its owner publishes it, or until `publishAt`. */
    isDraft: z.boolean(),
    /** The planned time of publication, for its owner. */
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
    visibility: PlaylistVisibility,
    isMine: z.boolean(),
    /** The terms that open it, for its owner; absent where the visibility is another. */
    gate: Gate.optional(),
    /** For its owner. */
    teaser: Teaser.optional(),
    createdAtMs: Instant,
  })
  .meta({ id: "Playlist" });
export type Playlist = z.infer<typeof Playlist>;

/** Figures of a video; the gateway adds the counts from their owners. */
export const Statistics = z
  .object({
    id: Id,
    createdAtMs: Instant,
    publishedAtMs: Instant.nullable(),
    durationMs: Duration,
    sizeBytes: named("file_size", z.int()),
    /** In how many playlists of all users it is. */
    playlistCount: z.int(),
  })
  .meta({ id: "VideoStatistics" });

const text = (max: number) => z.string().trim().normalize("NFC").max(max);
const changeable = {
  description: z.string().max(1_000),
  /** An own picture's address, one elsewhere, which is fetched once, or empty for the automatic cover; the video's present one changes nothing. */
  coverUrl: named("cover_url", PictureAddress),
  categoryId: Id,
  tags: z.array(text(50)).max(30),
  hashtags: z.array(text(51)).max(30),
  visibility: Visibility,
  /** For `visibility: password`; never returned. */
  password: z.string().min(4).max(128),
  isPublic: z.boolean(),
  allowComment: z.boolean(),
  allowDownload: z.boolean(),
  ...gateInput,
};

const playlistFields = {
  title: SaidLine(100),
  description: z.string().max(500),
  visibility: PlaylistVisibility,
};
/** Why a playlist whose existence is no secret does not open. */
const playlistLocks = [GateClosed, ChainUnavailable] as const;

export const video = service(
  "video",
  1,
  {
    create: command({
      http: "POST /api/v1/videos",
      upload: { field: "file", gives: "mediaId" },
      auth: "user",
      summary:
        "Publishes an uploaded media object, the file of a multipart form, or a file that is fetched from `video_url`, as soon as it can be played.",
      input: z.object({
        title: Title(200),
        mediaId: Id.optional(),
        videoUrl: z
          .url({ protocol: /^https?$/ })
          .max(2_000)
          .optional(),
        /** Ignored: the facts of the media itself count. */
        durationMs: Duration.optional(),
        width: z.int().nonnegative().optional(),
        height: z.int().nonnegative().optional(),
        /** Held back until its owner publishes it. */
        draft: z.boolean().default(false),
        /** Held back until then; a past time publishes immediately. */
        publishAtMs: Instant.optional(),
        ...z.object(changeable).partial().shape,
      }),
      output: Video,
      errors: [
        MediaMissing,
        NotAVideo,
        NothingToPublish,
        TooManyImports,
        UnreadablePicture,
        ...pictureFailures,
        PasswordMissing,
        GateMissing,
        GatePasswordMissing,
        UnknownCategory,
        TooLate,
        Muted,
        WordsRefused,
      ],
    }),
    /** The given stored files that everybody may download: the files of public videos. */
    publicFiles: query({
      auth: "service",
      input: z.object({ fileIds: z.array(Id).max(200) }),
      output: z.object({ fileIds: z.array(Id) }),
    }),
    /** As `create`, for APIs where a title may be empty. */
    post: command({
      auth: "service",
      input: z.object({ mediaId: Id, title: z.string().max(200) }),
      output: Video,
      errors: [MediaMissing, NotAVideo],
    }),
    /** Sets since when a published video has been there, for content that is imported with its past; never a later time. */
    backdate: command({
      auth: "service",
      idempotent: true,
      input: z.object({ id: Id, publishedAtMs: Instant }),
      output: z.object({}),
      errors: [VideoNotFound],
    }),
    get: query({
      http: "GET /api/v1/videos/:id",
      auth: "public",
      summary: "A video that the caller may see.",
      input: z.object({ id: Id }),
      output: Video,
      errors: [VideoNotFound, PasswordNeeded, GateClosed, ChainUnavailable],
    }),
    categories: query({
      http: "GET /api/v1/videos/categories",
      auth: "public",
      summary: "The categories of videos.",
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
      summary: "Publishes a draft: immediately when it is ready, else as soon as it is.",
      input: z.object({ id: Id }),
      output: Video,
      errors: [VideoNotFound, NotYourVideo, PasswordNeeded, GateClosed, ChainUnavailable, Muted],
    }),
    unlock: command({
      http: "POST /api/v1/videos/:id/unlock",
      auth: "public",
      rate: "login",
      summary:
        "Exchanges a video's password for a token that unlocks it for some hours, sent as the header `X-Kinora-Unlock` with every request about it.",
      input: z.object({ id: Id, password: z.string().max(128) }),
      output: z.object({ unlock: z.string(), expiresAtMs: Instant }),
      errors: [VideoNotFound, NoPassword, WrongPassword, TooManyTries],
    }),
    update: command({
      http: "PUT /api/v1/videos/:id",
      auth: "user",
      idempotent: true,
      summary: "Changes the caller's own video; fields that are left out stay.",
      input: z.object({
        id: Id,
        title: Title(200).optional(),
        /** The planned time of publication of a draft. */
        publishAtMs: Instant.optional(),
        /** Removes the planned time of publication. */
        draft: z.literal(true).optional(),
        ...z.object(changeable).partial().shape,
        /** Null removes the category. */
        categoryId: Id.nullable().optional(),
      }),
      output: Video,
      errors: [
        VideoNotFound,
        NotYourVideo,
        MediaMissing,
        UnreadablePicture,
        ...pictureFailures,
        PasswordNeeded,
        GateClosed,
        ChainUnavailable,
        PasswordMissing,
        GateMissing,
        GatePasswordMissing,
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
      summary: "Deletes the caller's own video; its bytes are deleted after the grace time.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [VideoNotFound, NotYourVideo, PasswordNeeded, GateClosed, ChainUnavailable],
    }),
    changeMany: command({
      http: "PUT /api/v1/users/me/videos",
      auth: "user",
      idempotent: true,
      summary:
        "Changes or deletes several of the caller's own videos, each on its own: one that fails stops no other. `playlist_id` adds them to a playlist.",
      input: z.object({
        ids: z.array(Id).min(1).max(100),
        visibility: Visibility.optional(),
        /** Null removes the category. */
        categoryId: Id.nullable().optional(),
        allowComment: z.boolean().optional(),
        playlistId: Id.optional(),
        /** Alone, without any other change. */
        delete: z.literal(true).optional(),
      }),
      output: z.object({ done: z.array(Id), failed: z.array(z.object({ id: Id, error: z.string() })) }),
      errors: [NothingToChange, PlaylistNotFound, NotYourPlaylist],
    }),
    replaceMedia: command({
      http: "PUT /api/v1/videos/:id/media",
      auth: "user",
      idempotent: true,
      summary:
        "Replaces the file of the caller's own video; the old one plays until the new one can be played, and stays should that fail.",
      input: z.object({ id: Id, mediaId: Id }),
      output: Video,
      errors: [VideoNotFound, NotYourVideo, MediaMissing, NotAVideo, PasswordNeeded, GateClosed, ChainUnavailable],
    }),
    keepMedia: command({
      http: "DELETE /api/v1/videos/:id/media",
      auth: "user",
      idempotent: true,
      summary: "Cancels the replacement of the video's file, whether it is being prepared or has failed.",
      input: z.object({ id: Id }),
      output: Video,
      errors: [VideoNotFound, NotYourVideo, PasswordNeeded, GateClosed, ChainUnavailable],
    }),
    ofUser: query({
      http: "GET /api/v1/users/:id/videos",
      auth: "public",
      summary:
        "A user's videos, the latest published first; the caller's own include those not public or not ready, newest first, and only they can be filtered and sorted. `q` is searched in the titles of the newest 10,000.",
      input: z.object({
        id: UserRef,
        q: z.string().trim().max(100).optional(),
        state: ListedState.optional(),
        visibility: Visibility.optional(),
        sort: z.enum(["latest", "oldest"]).optional(),
        ...pageInput,
      }),
      output: page(Video),
      errors: [UnknownUser, OwnListOnly],
    }),
    statistics: query({
      http: "GET /api/v1/videos/:id/statistics",
      auth: "user",
      summary: "Statistics of the caller's own video.",
      input: z.object({ id: Id }),
      output: Statistics,
      errors: [VideoNotFound, NotYourVideo, PasswordNeeded, GateClosed, ChainUnavailable],
    }),
    createPlaylist: command({
      http: "POST /api/v1/playlists",
      auth: "user",
      summary: "Creates an empty playlist.",
      input: z.object({
        title: playlistFields.title,
        description: playlistFields.description.default(""),
        visibility: playlistFields.visibility.default("private"),
        ...z.object(gateInput).partial().shape,
      }),
      output: Playlist,
      errors: [TooManyPlaylists, GateMissing, GatePasswordMissing, Muted, WordsRefused],
    }),
    playlist: query({
      http: "GET /api/v1/playlists/:id",
      auth: "public",
      summary: "A playlist that the caller may see.",
      input: z.object({ id: Id }),
      output: Playlist,
      errors: [PlaylistNotFound, ...playlistLocks],
    }),
    updatePlaylist: command({
      http: "PUT /api/v1/playlists/:id",
      auth: "user",
      idempotent: true,
      summary: "Changes the caller's own playlist; fields that are left out stay.",
      input: z.object({ id: Id, ...z.object({ ...playlistFields, ...gateInput }).partial().shape }),
      output: Playlist,
      errors: [
        PlaylistNotFound,
        NotYourPlaylist,
        ...playlistLocks,
        GateMissing,
        GatePasswordMissing,
        Muted,
        WordsRefused,
      ],
    }),
    unlockPlaylist: command({
      http: "POST /api/v1/playlists/:id/unlock",
      auth: "public",
      rate: "login",
      summary: "Exchanges the password of a playlist's gate for a token that is sent as `X-Kinora-Unlock`.",
      input: z.object({ id: Id, password: z.string().max(128) }),
      output: z.object({ unlock: z.string(), expiresAtMs: Instant }),
      errors: [PlaylistNotFound, ...playlistLocks, NoPlaylistPassword, WrongPlaylistPassword, TooManyTries],
    }),
    removePlaylist: command({
      http: "DELETE /api/v1/playlists/:id",
      auth: "user",
      idempotent: true,
      summary: "Deletes the caller's own playlist; the videos stay.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [PlaylistNotFound, NotYourPlaylist, ...playlistLocks],
    }),
    playlistItems: query({
      http: "GET /api/v1/playlists/:id/items",
      auth: "public",
      summary: "The videos of a playlist in its order, without those hidden from the caller.",
      input: z.object({ id: Id, ...pageInput }),
      output: page(Video),
      errors: [PlaylistNotFound, ...playlistLocks],
    }),
    addToPlaylist: command({
      http: "POST /api/v1/playlists/:id/items",
      auth: "user",
      idempotent: true,
      summary: "Adds a video at the end; one that is in it stays where it is.",
      input: z.object({ id: Id, videoId: Id }),
      output: z.object({ added: z.boolean() }),
      errors: [
        PlaylistNotFound,
        NotYourPlaylist,
        VideoNotFound,
        PasswordNeeded,
        GateClosed,
        ChainUnavailable,
        PlaylistFull,
      ],
    }),
    removeFromPlaylist: command({
      http: "DELETE /api/v1/playlists/:id/items/:video",
      auth: "user",
      idempotent: true,
      summary: "Removes a video from the caller's own playlist.",
      input: z.object({ id: Id, video: Id }),
      output: z.object({}),
      errors: [PlaylistNotFound, NotYourPlaylist, ...playlistLocks],
    }),
    moveInPlaylist: command({
      http: "PUT /api/v1/playlists/:id/items/:video",
      auth: "user",
      idempotent: true,
      summary: "Puts a video behind another one of the playlist, or first where none is named.",
      input: z.object({ id: Id, video: Id, afterId: Id.optional() }),
      output: z.object({}),
      errors: [PlaylistNotFound, NotYourPlaylist, ...playlistLocks, NotInPlaylist],
    }),
    playlistsOf: query({
      http: "GET /api/v1/users/:id/playlists",
      auth: "public",
      summary: "A user's playlists, latest first; the caller's own include those not public.",
      input: z.object({ id: UserRef, ...pageInput }),
      output: page(Playlist),
      errors: [UnknownUser],
    }),
    /** The videos of these ids in their order, without those hidden from the caller and those of blocked or blocking users. */
    visible: query({
      auth: "service",
      input: z.object({ ids: z.array(Id).max(200) }),
      output: z.object({ items: z.array(Video) }),
    }),
    /** A video that the caller may watch, with its media; for streaming and interaction. */
    playable: query({
      auth: "service",
      /** `isGranted`: a token proves that the password of the present generation was known. */
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
      errors: [VideoNotFound, PasswordNeeded, GateClosed, ChainUnavailable],
    }),
    /** The gate of a video, and how the caller stands before it. */
    gate: query({ auth: "service", input: GateQuery, output: GateState, errors: [VideoNotFound] }),
    /** As `gate`, of a playlist. */
    playlistGate: query({ auth: "service", input: GateQuery, output: GateState, errors: [PlaylistNotFound] }),
    /** All videos regardless of visibility, in batches after an id. For projections of the catalogue. */
    growth,
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
            ...filterFacts,
            visibility: Visibility,
            publishedAtMs: Instant.nullable(),
            version: z.int(),
          }),
        ),
      }),
    }),
    /** The first id of each block of so many public videos, in the order of ids. For lists of the whole catalogue. */
    publicBlocks: query({
      auth: "service",
      input: z.object({ size: z.int().min(1).max(200) }),
      output: z.object({ firstIds: z.array(Id) }),
    }),
    /** The public videos from an id on, in the order of ids. */
    publicFrom: query({
      auth: "service",
      input: z.object({ id: Id, limit: z.int().min(1).max(200) }),
      output: z.object({ ids: z.array(Id) }),
    }),
    /** The public videos behind a place in the order of publication, the latest first. */
    newest: query({
      auth: "service",
      input: z.object({
        after: z.object({ publishedAtMs: Instant, videoId: Id }).optional(),
        limit: z.int().min(1).max(200),
      }),
      output: z.object({ items: z.array(z.object({ videoId: Id, publishedAtMs: Instant })) }),
    }),
    /** All playlists regardless of visibility, in batches after an id. */
    playlistBatch: query({
      auth: "service",
      input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(500).default(200) }),
      output: z.object({ items: z.array(z.object(playlistFact)) }),
    }),
    /** The public videos that serve the bytes of a media object. */
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
    ...gateGrants.methods,
    ...mutes.methods,
    ...blocklist.methods,
  },
  { holdsUserData: true, scopes: { query: "videos:read", command: "videos:write" } },
);
