import { Duration, Id, event } from "#kernel";
import { z } from "zod";
import { FileChapters } from "./media.ts";

/** A stored object of the space `media`. */
export const StoredObject = z.object({ key: z.string(), sizeBytes: z.int() });

/** One track of a rendition: the keys of its fMP4 file and of its index (JSON of `TrackIndex`: byte ranges, codec, bitrates). */
export const Track = z.object({
  kind: z.enum(["video", "audio"]),
  key: z.string(),
  sizeBytes: z.int(),
  indexKey: z.string(),
});

/** The first sound of a film, or an alternative to it. */
export const Sound = Track.extend({
  /** BCP 47; null where the file does not say. */
  language: z.string().nullable(),
  /** The name it has in the file, for users to read; may be empty. */
  label: z.string(),
});

/** One sound beside the first, which is number 1. */
export const OtherSound = Sound.extend({ number: z.int().min(2).max(8) });

export const ReadyRendition = z.object({
  profile: z.string(),
  width: z.int(),
  height: z.int(),
  bitrateBps: z.int(),
  fps: z.number(),
  video: Track.nullable(),
});

/** A cover picture, and its placeholder in a few bytes (thumbhash, base64). */
export const Cover = StoredObject.extend({ thumb: z.string().max(100) });

/** A small file made beside the renditions of a film or sound; its name is part of its address. */
export const Extra = StoredObject.extend({
  name: z.string().regex(/^(?:storyboard-[1-9]\d?\.jpg|preview\.avif|waveform\.json)$/),
  mime: z.string(),
});

/** Pictures at equal intervals, in sheets `storyboard-1.jpg` and on; sizes in pixels. */
export const Storyboard = z.object({
  tileWidth: z.int(),
  tileHeight: z.int(),
  columns: z.int(),
  rows: z.int(),
  intervalMs: z.int(),
  count: z.int(),
});

/** ITU-R BS.1770-4: LUFS, LU and dBTP; null where there is nothing to measure. */
export const Loudness = z.object({
  integratedLufs: z.number().nullable(),
  rangeLu: z.number().nullable(),
  truePeakDbtp: z.number().nullable(),
});

/** Files and facts of a film or sound besides its renditions. */
export const Extras = z.object({
  files: z.array(Extra),
  storyboard: Storyboard.nullable(),
  loudness: Loudness.nullable(),
});

export const CaptionFacts = z.object({
  id: Id,
  /** BCP 47, as `en`, `zh-Hans` or `pt-BR`. */
  language: z.string(),
  /** For users to read. */
  label: z.string(),
});

/** Captions that were inside a file, rewritten as WebVTT. */
export const FileCaptions = CaptionFacts.omit({ id: true }).extend({ cues: z.int(), ...StoredObject.shape });

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

/** Files made beside the renditions, published once they can be made; missing ones could not be made. */
export const transcodingExtras = event("transcoding.extras.v1", z.object({ mediaId: Id, ...Extras.shape }));

export const transcodingFailed = event(
  "transcoding.failed.v1",
  z.object({ ...task, error: z.string(), message: z.string() }),
);
