import { Duration, Id, event } from "#kernel";
import { z } from "zod";
import { chaptersMax } from "#media/source/chapters";

/** A chapter that is inside a file; `title` is one line. */
const FileChapter = z.object({ startMs: Duration, title: z.string().max(60) });

/** The chapters of a file in their order; none where it has none. */
export const FileChapters = z.array(FileChapter).max(chaptersMax).default([]);

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

/** The owner cancelled the task. */
export const transcodeCancelled = event("transcode.cancelled.v1", z.object({ taskId: Id, mediaId: Id, userId: Id }));

/** The first rendition is ready. More may follow under the same address. */
export const mediaReady = event(
  "media.ready.v1",
  z.object({
    mediaId: Id,
    userId: Id,
    sizeBytes: z.int(),
    hasCover: z.boolean(),
    chapters: FileChapters,
    ...Facts.shape,
  }),
);

export const mediaFailed = event(
  "media.failed.v1",
  z.object({ mediaId: Id, userId: Id, error: z.string(), message: z.string() }),
);

/** These captions were added, or were found in the file. */
export const captionsAdded = event(
  "media.captions_added.v1",
  z.object({ mediaId: Id, captionsId: Id, userId: Id, language: z.string() }),
);

/** These captions were removed; captions that replace them have another id. */
export const captionsRemoved = event("media.captions_removed.v1", z.object({ mediaId: Id, captionsId: Id }));

/** The media object is hidden and nothing refers to it any more: its file may be deleted. */
export const mediaDeleted = event("media.deleted.v1", z.object({ mediaId: Id, fileId: Id, userId: Id }));
