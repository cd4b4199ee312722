import { command, contract, Duration, event, failure, Id, Instant, named, query } from "#kernel";
import { z } from "zod";

export const MediaNotFound = failure("not_found", "media.not_found", "no such media object");
export const UnsupportedMedia = failure(
  "invalid",
  "media.unsupported",
  "this is not a video, sound or picture we can read",
  undefined,
  415,
);
export const EmptyMedia = failure("invalid", "media.empty", "the file is empty");
export const UnknownProfile = failure(
  "invalid",
  "media.unknown_profile",
  "there is no such transcoding profile",
  z.object({ profile: z.string() }),
);
export const NotTranscodable = failure("invalid", "media.not_transcodable", "a picture cannot be transcoded");
export const UnreadablePicture = failure(
  "invalid",
  "media.unreadable_picture",
  "this picture cannot be read",
  undefined,
  415,
);

/** What a picture is for decides how large it is kept; the kinds `avatar` and `background` are public. */
export const Purpose = z.enum(["video", "avatar", "cover", "background", "picture"]);

const Rendition = z.object({
  profile: z.string(),
  width: z.int(),
  height: z.int(),
  bitrate: z.int(),
});

/** What the service knows of a media object; its addresses are added at the edge. */
export const Media = z
  .object({
    id: Id,
    userId: Id,
    kind: z.enum(["video", "image", "audio"]),
    mime: z.string(),
    sizeBytes: named("size", z.int()),
    sha256: z.string(),
    width: z.int(),
    height: z.int(),
    durationMs: Duration,
    purpose: Purpose,
    hasCover: z.boolean(),
    status: z.enum(["uploaded", "processing", "ready", "failed"]),
    /** Why it failed: a stable code and a sentence. */
    statusReason: z.object({ error: z.string(), message: z.string() }).nullable(),
    renditions: z.array(Rendition),
    createdAtMs: Instant,
  })
  .meta({ id: "Media" });
export type Media = z.infer<typeof Media>;

export const Task = z
  .object({
    taskId: Id,
    mediaId: Id,
    status: z.enum(["queued", "running", "completed", "failed", "cancelled"]),
    /** 0–100; never goes back. */
    progress: z.int(),
    /** What is being done: `probe`, `remux`, `quick`, `cover`, `ladder`; empty while it waits and when it is over. */
    step: z.string(),
    error: z.string().nullable(),
  })
  .meta({ id: "TranscodeTask" });
export type Task = z.infer<typeof Task>;

/** A stored object of the space `media`. */
export const StoredObject = z.object({ key: z.string(), sizeBytes: z.int() });
/** One track of a rendition: the keys of its fMP4 file and of its index (JSON of `TrackIndex`: byte ranges, codec, bitrates). */
export const Track = z.object({
  kind: z.enum(["video", "audio"]),
  key: z.string(),
  sizeBytes: z.int(),
  indexKey: z.string(),
});
export const ReadyRendition = z.object({
  profile: z.string(),
  width: z.int(),
  height: z.int(),
  bitrateBps: z.int(),
  fps: z.number(),
  video: Track.nullable(),
});

/** Everything the streaming service needs to render manifests and find segments and covers. */
export const Playable = z.object({
  mediaId: Id,
  userId: Id,
  kind: z.enum(["video", "image", "audio"]),
  status: z.enum(["uploaded", "processing", "ready", "failed"]),
  durationMs: Duration,
  renditions: z.array(ReadyRendition),
  audio: Track.nullable(),
  cover: StoredObject.nullable(),
  /** The picture itself, where it is one. */
  picture: StoredObject.extend({ mime: z.string() }).nullable(),
  source: z.object({ key: z.string(), mime: z.string(), name: z.string(), sizeBytes: z.int() }),
});

export const media = contract("media", 1, {
  upload: command({
    http: "POST /api/v1/media/upload",
    upload: { field: "file", gives: "fileId" },
    auth: "user",
    rate: "upload",
    idempotent: true,
    summary: "Takes a video, sound or picture as a multipart form with the file in `file`.",
    input: z.object({ fileId: Id, purpose: Purpose.optional() }),
    output: Media,
    errors: [UnsupportedMedia, EmptyMedia, UnreadablePicture, MediaNotFound],
  }),
  get: query({
    http: "GET /api/v1/media/:id",
    auth: "user",
    summary: "One's own media object.",
    input: z.object({ id: Id }),
    output: Media,
    errors: [MediaNotFound],
  }),
  transcode: command({
    http: "POST /api/v1/media/:id/transcode",
    auth: "user",
    rate: "costly",
    idempotent: true,
    summary: "Asks for renditions; a running task is given back as it is.",
    input: z.object({ id: Id, profiles: z.array(z.string().max(20)).max(20).optional() }),
    output: Task,
    errors: [MediaNotFound, UnknownProfile, NotTranscodable],
  }),
  task: query({
    http: "GET /api/v1/media/:id/transcode",
    auth: "user",
    summary: "How far the transcoding of one's own media object is.",
    input: z.object({ id: Id }),
    output: Task,
    errors: [MediaNotFound],
  }),
  /** For the services that publish or play it. `userId` is the owner. */
  playable: query({
    auth: "service",
    input: z.object({ id: Id }),
    output: Playable,
    errors: [MediaNotFound],
  }),
  /** What a video shows of its media object: size, length, state. Unknown ids are left out. */
  briefs: query({
    auth: "service",
    input: z.object({ ids: z.array(Id).max(200) }),
    output: z.object({
      items: z.array(
        z.object({
          id: Id,
          userId: Id,
          kind: z.enum(["video", "image", "audio"]),
          status: z.enum(["uploaded", "processing", "ready", "failed"]),
          statusReason: z.object({ error: z.string(), message: z.string() }).nullable(),
          width: z.int(),
          height: z.int(),
          durationMs: Duration,
          sizeBytes: z.int(),
        }),
      ),
    }),
  }),
  /** The bytes of a public picture (avatar, background), or of a picture of one's own. */
  picture: query({
    auth: "public",
    input: z.object({ id: Id }),
    output: z.object({ key: z.string(), mime: z.string(), sizeBytes: z.int(), isPublic: z.boolean() }),
    errors: [MediaNotFound],
  }),
  /** What the transcoder works on. */
  source: query({
    auth: "service",
    input: z.object({ id: Id }),
    output: z.object({
      mediaId: Id,
      userId: Id,
      key: z.string(),
      sizeBytes: z.int(),
      mime: z.string(),
      name: z.string(),
    }),
    errors: [MediaNotFound],
  }),
});

const Facts = z.object({
  kind: z.enum(["video", "audio"]),
  width: z.int(),
  height: z.int(),
  durationMs: Duration,
  fps: z.number(),
});

export const transcodeRequested = event(
  "transcode.requested.v1",
  z.object({ taskId: Id, mediaId: Id, userId: Id, profiles: z.array(z.string()), isFirst: z.boolean() }),
);
/** It can be played: the first rendition is there. More may follow under the same address. */
export const mediaReady = event(
  "media.ready.v1",
  z.object({ mediaId: Id, userId: Id, sizeBytes: z.int(), hasCover: z.boolean(), ...Facts.shape }),
);
export const mediaFailed = event(
  "media.failed.v1",
  z.object({ mediaId: Id, userId: Id, error: z.string(), message: z.string() }),
);
/** It is hidden and nothing refers to it any more: its file may go. */
export const mediaDeleted = event("media.deleted.v1", z.object({ mediaId: Id, fileId: Id, userId: Id }));
