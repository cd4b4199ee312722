import { Duration, Id, Instant, event } from "#kernel";
import { z } from "zod";

export const Visibility = z.enum(["public", "unlisted", "private", "followers", "password", "gated"]);

export type Visibility = z.infer<typeof Visibility>;

export const PlaylistVisibility = z.enum(["public", "unlisted", "private", "gated"]);

export const playlistFact = {
  playlistId: Id,
  userId: Id,
  title: z.string(),
  description: z.string(),
  visibility: PlaylistVisibility,
  version: z.int(),
};

/** Hashtags include those in the title and description. The other fields are absent in events of older versions. */
export const wording = {
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  hashtags: z.array(z.string()),
};

/** Facts that lists filter by: category, length and size. Absent in events of older versions. */
export const filterFacts = {
  categoryId: Id.nullable().optional(),
  durationMs: Duration.optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  /** The media object it shows. */
  shownMediaId: Id.optional(),
};

/** The video can be watched for the first time; published for every visibility, so that consumers check that field. */
export const videoPublished = event(
  "video.published.v1",
  z.object({
    videoId: Id,
    userId: Id,
    title: z.string().max(200),
    ...wording,
    ...filterFacts,
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
    ...filterFacts,
    visibility: Visibility,
    /** Null while it cannot be watched. */
    publishedAtMs: Instant.nullable(),
    generation: z.int(),
    version: z.int(),
    /** The media before this change; absent in events of older versions. */
    mediaId: Id.optional(),
    coverMediaId: Id.nullable().optional(),
  }),
);

/** The video shows another media object from now on. */
export const videoMediaReplaced = event(
  "video.media_replaced.v1",
  z.object({ videoId: Id, userId: Id, mediaId: Id, formerMediaId: Id }),
);

/** No video shows or awaits this media object any more, and none will. The media of a deleted video is in its event. */
export const videoMediaReleased = event("video.media_released.v1", z.object({ videoId: Id, userId: Id, mediaId: Id }));

/** `isLastOfMedia`: no other video shows the same media object any more. */
export const videoDeleted = event(
  "video.deleted.v1",
  z.object({
    videoId: Id,
    userId: Id,
    mediaId: Id,
    isLastOfMedia: z.boolean(),
    /** Absent in events of older versions. */
    generation: z.int().optional(),
    coverMediaId: Id.nullable().optional(),
  }),
);

const metadata = { /** The video. */ contentId: Id, version: z.int() };

/**
 * Texts, category, cover and length of a video that was published, for consumers outside of Kinora; `version` is that of
 * `video.published` and `video.updated`, which services here follow.
 */
export const metadataCreated = event("metadata.created.v1", z.object(metadata));

export const metadataUpdated = event("metadata.updated.v1", z.object({ ...metadata, changed: z.array(z.string()) }));

export const metadataDeleted = event("metadata.deleted.v1", z.object({ contentId: Id }));

/** The fields of a playlist, published when it is created and when they change. */
export const playlistUpdated = event("playlist.updated.v1", z.object(playlistFact));

export const playlistDeleted = event("playlist.deleted.v1", z.object({ playlistId: Id, userId: Id }));
