import { service, Duration, event, Id, query } from "#kernel";
import { allAttempts, sandboxLevels } from "#media/denials";
import { Cover, Extras, FileCaptions, FileChapters, OtherSound, ReadyRendition, Sound } from "#services/media/contract";
import { z } from "zod";

/** Which program reads strangers' files, and how it is held. */
const Decoders = z
  .object({
    /** The program that is used; null where there is none, and then videos wait. */
    ffmpeg: z.string().nullable(),
    version: z.string().nullable(),
    /** What is known against this version. */
    faults: z.object({ state: z.enum(["known", "none_known", "packaged", "unlisted"]), says: z.string() }).nullable(),
    sandbox: z.enum(sandboxLevels),
    /** What an FFmpeg that was taken over can do at this level. */
    allowed: z.array(z.enum(allAttempts)),
  })
  .meta({ id: "Decoders" });

export const transcoder = service("transcoder", 1, {
  /** What this worker pool can do, for health pages. */
  capabilities: query({
    auth: "service",
    input: z.object({}),
    output: z.object({
      ...Decoders.shape,
      queued: z.int(),
      running: z.int(),
    }),
  }),
  decoders: query({
    http: "GET /api/v1/admin/media/decoders",
    auth: "admin",
    summary: "The FFmpeg that reads strangers' files, what is known against its version, and what holds it.",
    input: z.object({}),
    output: Decoders,
  }),
});

const task = { taskId: Id, mediaId: Id };
export const transcodingStarted = event("transcoding.started.v1", z.object(task));
export const transcodeProgress = event(
  "transcode.progress.v1",
  z.object({
    ...task,
    progress: z.int(),
    step: z.string(),
    /** Until the whole task is done; null while that is not known. */
    secondsLeft: z.int().nonnegative().nullable().default(null),
  }),
);
/** Something more of it is finished, renditions or the cover; `isLast` when the task is over. Keys name objects in the space `media`. */
export const transcodingCompleted = event(
  "transcoding.completed.v1",
  z.object({
    ...task,
    isLast: z.boolean(),
    kind: z.enum(["video", "audio"]),
    width: z.int(),
    height: z.int(),
    durationMs: Duration,
    fps: z.number(),
    renditions: z.array(ReadyRendition),
    /** The names of earlier renditions that these replace. */
    dropped: z.array(z.string()).default([]),
    // Events of older versions have no names.
    audio: Sound.extend({
      language: Sound.shape.language.default(null),
      label: Sound.shape.label.default(""),
    }).nullable(),
    /** Further sounds one may choose. */
    otherSounds: z.array(OtherSound).default([]),
    captions: z.array(FileCaptions).default([]),
    chapters: FileChapters,
    /** Codes of the parts of the file that do not play. */
    notices: z.array(z.string()).default([]),
    /** Null while there is none; an earlier one stays. */
    cover: Cover.nullable(),
  }),
);
/** What was made of it beside what plays, each once it could be made; what is missing could not. */
export const transcodingExtras = event("transcoding.extras.v1", z.object({ mediaId: Id, ...Extras.shape }));
export const transcodingFailed = event(
  "transcoding.failed.v1",
  z.object({ ...task, error: z.string(), message: z.string() }),
);
