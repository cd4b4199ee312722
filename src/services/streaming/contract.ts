import { service, failure, Id, Instant, PublicPath, query } from "#kernel";
import { PasswordNeeded } from "#services/video/contract";
import { ChainUnavailable, GateClosed } from "#policy/gates/failures";
import { z } from "zod";

export const StreamNotFound = failure("not_found", "streaming.not_found", "no such stream");
export const BadPlaybackToken = failure(
  "denied",
  "streaming.bad_token",
  "this link is not valid any more, load the page again",
);

const content = {
  /** `video`: by the video's id and rules; `media`: the owner's own media object. */
  scope: z.enum(["video", "media"]),
  id: Id,
  token: z.string().max(300).optional(),
};

/** Addresses that hold until their token ends; what is public needs none and holds on. */
const Address = z.object({ hlsUrl: PublicPath, dashUrl: PublicPath, expiresAtMs: Instant.nullable() });

export const streaming = service(
  "streaming",
  1,
  {
    /**
     * The addresses of media that the caller may see, as its owner service decided before; with a playback token where it is not
     * public. `videoUrl` is the HLS address too: picture and sound of a rendition are two files, so there is no single one.
     */
    links: query({
      auth: "service",
      input: z.object({
        items: z
          .array(
            z.object({
              scope: z.enum(["video", "media"]),
              id: Id,
              generation: z.int().nonnegative(),
              isPublic: z.boolean(),
              hasCover: z.boolean(),
              /** The picture that stands for it instead of the automatic cover. */
              coverMediaId: Id.optional(),
              isPlayable: z.boolean(),
              allowDownload: z.boolean(),
              /** True if access was granted to this viewer alone: by the password, or as a moderator. */
              isGranted: z.boolean().default(false),
              /** The renditions whose own addresses are wanted too. */
              profiles: z.array(z.string().max(20)).max(20).default([]),
              /** Extras whose own addresses are wanted too. */
              extras: z
                .array(z.enum(["preview.avif", "waveform.json"]))
                .max(20)
                .default([]),
            }),
          )
          .max(200),
      }),
      output: z.object({
        items: z.array(
          z.object({
            id: Id,
            hlsUrl: PublicPath,
            /** Empty where nothing can be played yet, as `hlsUrl`. */
            dashUrl: PublicPath,
            videoUrl: PublicPath,
            coverUrl: PublicPath,
            downloadUrl: PublicPath.nullable(),
            renditions: z.array(z.object({ profile: z.string(), url: PublicPath })),
            extras: z.array(z.object({ name: z.string(), url: PublicPath })).default([]),
          }),
        ),
      }),
    }),
    address: query({
      http: "GET /api/v1/streaming/:id/address",
      auth: "public",
      summary: "Where a video one may see plays from now; players ask again before the token in it ends.",
      input: z.object({ id: Id }),
      output: Address,
      errors: [StreamNotFound, PasswordNeeded, GateClosed, ChainUnavailable],
    }),
    mediaAddress: query({
      http: "GET /api/v1/streaming/media/:id/address",
      auth: "user",
      summary: "The same for one's own media object.",
      input: z.object({ id: Id }),
      output: Address,
      errors: [StreamNotFound],
    }),
    /**
     * `master.m3u8` (without a profile) or the playlist of one profile; `audio` is a profile too, `audio-2` another sound, and `480p-keyframes` one
     * of key frames, `caption-<id>` one of captions. A token that was never ours counts as none; an authentic one that has expired is reported as such.
     */
    playlist: query({
      auth: "public",
      input: z.object({ ...content, profile: z.string().max(30).optional() }),
      output: z.object({ text: z.string(), isPublic: z.boolean() }),
      errors: [StreamNotFound, BadPlaybackToken],
    }),
    /** The DASH manifest of all profiles. */
    manifest: query({
      auth: "public",
      input: z.object(content),
      output: z.object({ text: z.string(), isPublic: z.boolean() }),
      errors: [StreamNotFound, BadPlaybackToken],
    }),
    /** The storyboard as WebVTT: the sheet and area of each time, for previews while the viewer seeks. */
    storyboard: query({
      auth: "public",
      input: z.object(content),
      output: z.object({ text: z.string(), isPublic: z.boolean() }),
      errors: [StreamNotFound, BadPlaybackToken],
    }),
    /** The chapters of a video as WebVTT; a media object has none. */
    chapters: query({
      auth: "public",
      input: z.object(content),
      output: z.object({ text: z.string(), isPublic: z.boolean() }),
      errors: [StreamNotFound, BadPlaybackToken],
    }),
    /** One part of captions as WebVTT, `caption-<id>-<part>.vtt`; HLS has long captions in parts. */
    captions: query({
      auth: "public",
      input: z.object({ ...content, generation: z.int().nonnegative(), file: z.string().max(40) }),
      output: z.object({ text: z.string(), isPublic: z.boolean() }),
      errors: [StreamNotFound, BadPlaybackToken],
    }),
    /**
     * The blob key and size of a file, for callers with access. Files are `480p.mp4`, `audio.mp4`, `audio-2.mp4`,
     * `cover.jpg`, `cover-<id>.webp`, `caption-<id>.vtt`, `storyboard-1.jpg`, `preview.avif`, `waveform.json` and
     * `source`.
     */
    locate: query({
      auth: "public",
      input: z.object({ ...content, generation: z.int().nonnegative(), file: z.string().max(40) }),
      output: z.object({
        key: z.string(),
        sizeBytes: z.int(),
        mime: z.string(),
        isPublic: z.boolean(),
        /** Set for downloads: the name to save under. */
        attachment: z.string().optional(),
      }),
      errors: [StreamNotFound, BadPlaybackToken],
    }),
  },
  { scopes: { query: "videos:read", command: "videos:read" } },
);
