import {
  command,
  contract,
  Duration,
  event,
  failure,
  Id,
  Instant,
  named,
  page,
  pageInput,
  query,
  UserRef,
} from "#kernel";
import { z } from "zod";

export const VideoNotFound = failure("not_found", "video.not_found", "no such video");
export const NotYourVideo = failure("denied", "video.not_yours", "only its owner can change a video");
export const MediaMissing = failure("not_found", "video.media_not_found", "no such media object of yours");
export const NotAVideo = failure("invalid", "video.not_a_video", "a picture is not a video", undefined, 415);
export const NothingToPublish = failure(
  "invalid",
  "video.nothing_to_publish",
  "name the uploaded media object, or send the file",
);
export const ImportNotBuilt = failure(
  "invalid",
  "video.import_not_built",
  "fetching a video by its address is not offered here yet",
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

export const Visibility = z.enum(["public", "unlisted", "private"]);
export type Visibility = z.infer<typeof Visibility>;

/** 0 processing, 1 published, 2 could not be processed, 3 taken down. */
export const Status = z.int().min(0).max(3);

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
    /** What its owner sees of the file that is to replace its own; null where there is none. */
    replacement: Replacement.nullable(),
    /** What the times in its description make of it; none, or three at least from 0 on. */
    chapters: z.array(Chapter),
    createdAtMs: Instant,
    publishedAtMs: Instant.nullable(),
  })
  .meta({ id: "Video" });
export type Video = z.infer<typeof Video>;

const text = (max: number) => z.string().trim().normalize("NFC").max(max);
const changeable = {
  description: text(1_000),
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

export const video = contract("video", 1, {
  create: command({
    http: "POST /api/v1/videos",
    upload: { field: "file", gives: "mediaId" },
    auth: "user",
    summary:
      "Publishes an uploaded media object, or the file of a multipart form; it shows as soon as it can be played.",
    input: z.object({
      title: text(200).min(1),
      mediaId: Id.optional(),
      videoUrl: z
        .url({ protocol: /^https?$/ })
        .max(2_000)
        .optional(),
      /** What the client believes; the media itself is the truth. */
      durationMs: Duration.optional(),
      width: z.int().nonnegative().optional(),
      height: z.int().nonnegative().optional(),
      ...z.object(changeable).partial().shape,
    }),
    output: Video,
    errors: [MediaMissing, NotAVideo, NothingToPublish, ImportNotBuilt],
  }),
  get: query({
    http: "GET /api/v1/videos/:id",
    auth: "public",
    summary: "A video one may see.",
    input: z.object({ id: Id }),
    output: Video,
    errors: [VideoNotFound],
  }),
  update: command({
    http: "PUT /api/v1/videos/:id",
    auth: "user",
    idempotent: true,
    summary: "Changes one's own video; fields that are left out stay.",
    input: z.object({ id: Id, title: text(200).min(1).optional(), ...z.object(changeable).partial().shape }),
    output: Video,
    errors: [VideoNotFound, NotYourVideo, MediaMissing],
  }),
  remove: command({
    http: "DELETE /api/v1/videos/:id",
    auth: "user",
    idempotent: true,
    summary: "Hides one's own video at once; its bytes go after the grace time.",
    input: z.object({ id: Id }),
    output: z.object({}),
    errors: [VideoNotFound, NotYourVideo],
  }),
  replaceMedia: command({
    http: "PUT /api/v1/videos/:id/media",
    auth: "user",
    idempotent: true,
    summary:
      "Gives one's own video another file; it plays the old one until the new one can be played, and keeps it should that fail.",
    input: z.object({ id: Id, mediaId: Id }),
    output: Video,
    errors: [VideoNotFound, NotYourVideo, MediaMissing, NotAVideo],
  }),
  keepMedia: command({
    http: "DELETE /api/v1/videos/:id/media",
    auth: "user",
    idempotent: true,
    summary: "Gives up the file that was to replace one's video's own, whether it is being prepared or has failed.",
    input: z.object({ id: Id }),
    output: Video,
    errors: [VideoNotFound, NotYourVideo],
  }),
  ofUser: query({
    http: "GET /api/v1/users/:id/videos",
    auth: "public",
    summary: "Somebody's videos, newest first; one's own include those not public or not ready.",
    input: z.object({ id: UserRef, ...pageInput }),
    output: page(Video),
    errors: [UnknownUser],
  }),
  /** Those of these the caller may see, in the order asked; others are left out. */
  visible: query({
    auth: "service",
    input: z.object({ ids: z.array(Id).max(200) }),
    output: z.object({ items: z.array(Video) }),
  }),
  /** Whether the caller may watch it, and what is behind it; for streaming and interaction. */
  playable: query({
    auth: "service",
    input: z.object({ id: Id }),
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
    }),
    errors: [VideoNotFound],
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
});

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
