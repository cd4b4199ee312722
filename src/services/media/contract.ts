import { FileChapters } from "#events/media";
import { CaptionFacts, Extras, OtherSound, ReadyRendition, Sound, StoredObject } from "#events/transcoder";
import { command, service, Duration, failure, Id, Instant, named, page, pageInput, query } from "#kernel";
import { legacyEncodings } from "#media/captions/charset";
import { rejections } from "#media/rejection";
import { objectMethods, ReceivedPiece } from "#services/upload/contract";
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

export const UnreadableCaptions = failure(
  "invalid",
  "media.unreadable_captions",
  "this is neither WebVTT nor SubRip: it has no line with a time",
  undefined,
  415,
);
export const TooManyCaptions = failure(
  "invalid",
  "media.too_many_captions",
  "there are more than 20,000 captions in one language, or more than 50 languages",
);
export const UnknownCaptionEncoding = failure(
  "invalid",
  "media.unknown_caption_encoding",
  "the text is not UTF-8 and does not read as the language: name its encoding",
);
export const CaptionsNotFound = failure("not_found", "media.captions_not_found", "no such captions");
export const NoCaptionsForPictures = failure("invalid", "media.not_captionable", "a picture has no captions");
export const TaskNotFound = failure("not_found", "media.task_not_found", "no such transcoding task");
export const TaskOver = failure("conflict", "media.task_over", "this transcoding is over");
/** The reason of a media object that cannot be played because its owner cancelled its first transcoding. */
export const TranscodeCancelled = failure("conflict", "media.cancelled", "processing was cancelled");

export const UnknownFormat = failure("invalid", "media.unknown_format", "there is no such container");
export const FormatOff = failure("invalid", "media.format_off", rejections["media.format_off"], undefined, 415);

/** A container by its demuxer, or a codec by FFmpeg's name of it. */
export const Format = z
  .object({
    kind: z.enum(["container", "codec"]),
    name: z
      .string()
      .max(32)
      .regex(/^[a-z0-9_]+$/),
    isOn: z.boolean(),
  })
  .meta({ id: "MediaFormat" });
export type Format = z.output<typeof Format>;

/** The purpose of a picture decides its size; `avatar` and `background` are public. */
export const Purpose = z.enum(["video", "avatar", "cover", "background", "picture"]);

const Rendition = z.object({
  profile: z.string(),
  width: z.int(),
  height: z.int(),
  bitrate: z.int(),
});

/** A media object; the gateway adds its addresses. */
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
    /** Parts of the file that do not play. */
    notices: z.array(z.object({ code: z.string(), message: z.string() })),
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
    /** The current step: `probe`, `remux`, `quick`, `cover`, `captions`, `sounds`, `ladder`; empty while the task waits and when it is over. */
    step: z.string(),
    error: z.string().nullable(),
    /** An estimate of the seconds left; null while there is none, and when the task is over. */
    secondsLeft: z.int().nullable(),
  })
  .meta({ id: "TranscodeTask" });
export type Task = z.infer<typeof Task>;

/** The captions of a media object in one language; stored as plain WebVTT, whatever their first format. */
export const Captions = CaptionFacts.extend({
  cues: z.int(),
  /** The origin: added by the owner, or part of the video's file. */
  source: z.enum(["upload", "file"]),
  sizeBytes: named("size", z.int()),
  createdAtMs: Instant,
}).meta({ id: "Captions" });
export type Captions = z.infer<typeof Captions>;
/** Captions that were just added, and what was made of their file. */
const AddedCaptions = Captions.extend({
  /** The encoding of the text, such as `utf-8` or `windows-1251`. */
  encoding: z.string(),
  /** The file does not show its encoding: a reader of the language should look at the captions. */
  isGuess: z.boolean(),
  /** Parts of the file that were left out, in their order: at most the first 100. */
  omissions: z.array(z.object({ code: z.string(), message: z.string(), line: z.int() })),
  omissionCount: z.int(),
}).meta({ id: "AddedCaptions" });
/** The language and label of new captions. */
const newCaptions = {
  id: Id,
  /** BCP 47: a language, perhaps with a script and a region. */
  language: z
    .string()
    .max(20)
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?$/, "a language such as en, zh-Hans or pt-BR"),
  /** For users to read; the language's own name when left out. */
  label: z.string().trim().normalize("NFC").max(60).optional(),
};
/** Everything the streaming service needs to render manifests and find segments and covers. */
export const Playable = z.object({
  mediaId: Id,
  userId: Id,
  kind: z.enum(["video", "image", "audio"]),
  status: z.enum(["uploaded", "processing", "ready", "failed"]),
  durationMs: Duration,
  renditions: z.array(ReadyRendition),
  /** Renditions that were replaced, for players that have begun with them; in no manifest. */
  formerRenditions: z.array(ReadyRendition).default([]),
  /** The default sound. */
  audio: Sound.nullable(),
  otherSounds: z.array(OtherSound),
  cover: StoredObject.nullable(),
  extras: Extras,
  captions: z.array(CaptionFacts.extend(StoredObject.shape)),
  /** The picture of a media object of kind `image`. */
  picture: StoredObject.extend({ mime: z.string() }).nullable(),
  source: z.object({ key: z.string(), mime: z.string(), name: z.string(), sizeBytes: z.int() }),
});

/** The rendition that the file of a recorded live stream is by itself. */
export const recordedProfile = "recorded";

const Profiles = z.array(z.string().max(20)).max(20).optional();

export const media = service(
  "media",
  1,
  {
    /** The bytes of all renditions, and since when the oldest transcoding waits. */
    usage: query({
      auth: "service",
      input: z.object({}),
      output: z.object({ renditionBytes: z.int(), waitsSinceMs: Instant.nullable() }),
    }),
    upload: command({
      http: "POST /api/v1/media/upload",
      upload: { field: "file", gives: "fileId" },
      auth: "user",
      rate: "upload",
      idempotent: true,
      summary: "Uploads a video, sound or picture as a multipart form with the file in `file`.",
      input: z.object({ fileId: Id, purpose: Purpose.optional() }),
      output: Media,
      errors: [UnsupportedMedia, FormatOff, EmptyMedia, UnreadablePicture, MediaNotFound],
    }),
    get: query({
      http: "GET /api/v1/media/:id",
      auth: "user",
      summary: "Returns a media object of the caller.",
      input: z.object({ id: Id }),
      output: Media,
      errors: [MediaNotFound],
    }),
    transcode: command({
      http: "POST /api/v1/media/:id/transcode",
      auth: "user",
      rate: "costly",
      idempotent: true,
      summary: "Requests renditions of a media object; returns the running task where there is one.",
      input: z.object({ id: Id, profiles: Profiles }),
      output: Task,
      errors: [MediaNotFound, UnknownProfile, NotTranscodable],
    }),
    task: query({
      http: "GET /api/v1/media/:id/transcode",
      auth: "user",
      summary: "Returns the latest transcoding task of a media object of the caller.",
      input: z.object({ id: Id }),
      output: Task,
      errors: [MediaNotFound],
    }),
    addCaptions: command({
      http: "POST /api/v1/media/:id/captions",
      auth: "user",
      idempotent: true,
      summary: "Adds captions in a language to a video or sound of the caller; replaces those it had in that language.",
      input: z.object({
        ...newCaptions,
        /** The whole file: WebVTT, SubRip or Advanced SubStation Alpha. */
        text: z.string().min(1).max(1_000_000),
      }),
      output: AddedCaptions,
      errors: [MediaNotFound, UnreadableCaptions, TooManyCaptions, NoCaptionsForPictures],
    }),
    addCaptionFile: command({
      http: "POST /api/v1/media/:id/captions/file",
      auth: "user",
      upload: { field: "file", gives: "piece" },
      summary:
        "Adds captions as `POST …/captions` does, from a file as it is: UTF-8, UTF-16, or an encoding in which the language is written.",
      input: z.object({
        ...newCaptions,
        /** The encoding, needed if neither the bytes nor the language show it. */
        encoding: z.enum(legacyEncodings).optional(),
        piece: ReceivedPiece,
      }),
      output: AddedCaptions,
      errors: [MediaNotFound, UnreadableCaptions, UnknownCaptionEncoding, TooManyCaptions, NoCaptionsForPictures],
    }),
    captions: query({
      http: "GET /api/v1/media/:id/captions",
      auth: "user",
      summary: "Lists the captions of a media object of the caller, by language.",
      input: z.object({ id: Id }),
      output: z.object({ items: z.array(Captions) }),
      errors: [MediaNotFound],
    }),
    removeCaptions: command({
      http: "DELETE /api/v1/media/:id/captions/:captions",
      auth: "user",
      idempotent: true,
      summary: "Removes captions from a media object of the caller.",
      input: z.object({ id: Id, captions: Id }),
      output: z.object({}),
      errors: [MediaNotFound, CaptionsNotFound],
    }),
    submit: command({
      http: "POST /api/v1/transcode/submit",
      auth: "user",
      rate: "costly",
      idempotent: true,
      summary: "Requests renditions of a media object.",
      input: z.object({ mediaId: Id, profiles: Profiles }),
      output: Task,
      errors: [MediaNotFound, UnknownProfile, NotTranscodable],
    }),
    status: query({
      http: "GET /api/v1/transcode/status/:id",
      auth: "user",
      summary: "Returns a transcoding task of the caller.",
      input: z.object({ id: Id }),
      output: Task,
      errors: [TaskNotFound],
    }),
    cancel: command({
      http: "POST /api/v1/transcode/cancel/:id",
      auth: "user",
      idempotent: true,
      summary: "Cancels a transcoding task that waits or runs; renditions that are ready stay.",
      input: z.object({ id: Id }),
      output: Task,
      errors: [TaskNotFound, TaskOver],
    }),
    tasks: query({
      http: "GET /api/v1/transcode/tasks",
      auth: "user",
      summary: "Lists the transcoding tasks of the caller, latest first.",
      input: z.object(pageInput),
      output: page(Task),
    }),
    profiles: query({
      http: "GET /api/v1/transcode/profiles",
      auth: "user",
      summary: "Lists the profiles a caller may request, and which of them every video gets.",
      input: z.object({}),
      output: z.object({
        items: z.array(
          z.object({
            profile: z.string(),
            /** Pixels; a smaller source keeps its size. */
            shortSide: z.int(),
            /** Bits a second, at most 40 pictures a second. */
            bitrateMax: z.int(),
            isUsual: z.boolean(),
          }),
        ),
      }),
    }),
    /**
     * Makes a media object of the caller's file that is the recording of a live stream; it can be played from then on. An
     * index is the JSON of a `TrackIndex` whose ranges lie in the file.
     */
    record: command({
      auth: "service",
      idempotent: true,
      input: z.object({
        fileId: Id,
        tracks: z
          .array(z.object({ kind: z.enum(["video", "audio"]), index: z.instanceof(Uint8Array) }))
          .min(1)
          .max(2),
        durationMs: Duration,
      }),
      output: z.object({ id: Id }),
      errors: [MediaNotFound, UnsupportedMedia],
    }),
    /** For the services that publish or play it. `userId` is the owner. */
    playable: query({
      auth: "service",
      /** `evenHidden`: includes deleted media objects, for as long as their rows are kept. */
      input: z.object({ id: Id, evenHidden: z.boolean().default(false) }),
      output: Playable,
      errors: [MediaNotFound],
    }),
    /** The part of media objects that videos show: size, duration, status. Unknown ids are left out. */
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
            hasCover: z.boolean(),
            thumb: z.string().nullable(),
            /** The gain a player applies, so that all sounds are equally loud. */
            gainDb: z.number(),
            hasStoryboard: z.boolean(),
            hasPreview: z.boolean(),
            hasWaveform: z.boolean(),
            chapters: FileChapters,
          }),
        ),
      }),
    }),
    /** The bytes of a public picture (avatar, background), or of a picture of the caller. */
    picture: query({
      auth: "public",
      input: z.object({ id: Id }),
      output: z.object({ key: z.string(), mime: z.string(), sizeBytes: z.int(), isPublic: z.boolean() }),
      errors: [MediaNotFound],
    }),
    /** The caller's latest media object made of this content. */
    ofContent: query({
      auth: "service",
      input: z.object({ sha256: z.string().max(64) }),
      output: Media,
      errors: [MediaNotFound],
    }),
    /** The media objects made of these stored files; hidden ones are left out. */
    ofFiles: query({
      auth: "service",
      input: z.object({ fileIds: z.array(Id).max(200) }),
      output: z.object({ items: z.array(z.object({ mediaId: Id, fileId: Id })) }),
    }),
    /** The stored file a media object of the caller was made of. */
    original: query({
      auth: "service",
      input: z.object({ id: Id }),
      output: z.object({ fileId: Id }),
      errors: [MediaNotFound],
    }),
    ...objectMethods,
    formats: query({
      http: "GET /api/v1/admin/media/formats",
      auth: "admin",
      summary: "Lists the known containers and the usual codecs, and whether files of them are accepted.",
      input: z.object({}),
      output: z.object({ items: z.array(Format) }),
    }),
    switchFormat: command({
      http: "PUT /api/v1/admin/media/formats/:kind/:name",
      auth: "admin",
      idempotent: true,
      summary:
        "Switches a container or a codec off or on, immediately and in all processes: a workaround while a decoder has a known vulnerability. Uploads of a format that is off are refused, and so are tasks that wait.",
      input: z.object(Format.shape),
      output: Format,
      errors: [UnknownFormat],
    }),
    /** The formats that are off; checked before anything is decoded. */
    formatsOff: query({
      auth: "service",
      input: z.object({}),
      output: z.object({ containers: z.array(z.string()), codecs: z.array(z.string()) }),
    }),
    /** Captions as texts, for search; none where they are gone. */
    captionCues: query({
      auth: "service",
      input: z.object({ mediaId: Id, captionsId: Id }),
      output: z.object({ items: z.array(z.object({ startMs: Duration, text: z.string() })) }),
    }),
    /** The captions of media objects, in the order of their ids. */
    captionBatch: query({
      auth: "service",
      input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(500).default(200) }),
      output: z.object({
        items: z.array(
          z.object({
            mediaId: Id,
            userId: Id,
            captions: z.array(z.object({ captionsId: Id, language: z.string() })),
          }),
        ),
      }),
    }),
    /** The source file, for the transcoder. */
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
  },
  { holdsUserData: true, scopes: { query: "videos:read", command: "videos:write" } },
);
