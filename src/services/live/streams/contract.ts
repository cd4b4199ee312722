import { failure, Id, Instant, PublicPath, query, stream } from "#kernel";
import { z } from "zod";
import { BannedFromRoom, LiveNotFound, PasswordNeeded, Status } from "../rooms/contract.ts";

export const BadPlaybackToken = failure(
  "denied",
  "live.bad_playback_token",
  "this playback address has expired, load the page again",
);

export const Bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);
/** As `src/media/live/frame.ts` has them. */
export const Format = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("video"),
    codec: z.enum(["h264", "hevc", "av1"]),
    config: Bytes,
    width: z.int(),
    height: z.int(),
  }),
  z.object({
    kind: z.literal("audio"),
    codec: z.enum(["aac", "opus"]),
    config: Bytes,
    sampleRate: z.int(),
    channels: z.int(),
  }),
]);
export const LiveTrack = z.object({
  track: z.string().max(32),
  kind: z.enum(["video", "audio"]),
  id: z.literal([1, 2]),
  codec: z.string(),
  timescale: z.int(),
  width: z.int(),
  height: z.int(),
  channels: z.int().optional(),
  init: Bytes,
  format: Format,
});
/** What happens in a stream, as `src/media/live/events.ts` says it. */
export const StreamEvent = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("init"),
    generation: z.int(),
    originMs: z.int(),
    partTargetMs: z.int(),
    segmentMaxMs: z.int(),
    tracks: z.array(LiveTrack),
  }),
  z.object({
    kind: z.literal("opened"),
    msn: z.int(),
    generation: z.int(),
    isDiscontinuous: z.boolean(),
    isIndependent: z.boolean(),
    startTicks: z.int(),
  }),
  z.object({ kind: z.literal("rung"), generation: z.int(), track: LiveTrack }),
  z.object({
    kind: z.literal("part"),
    track: z.string(),
    msn: z.int(),
    part: z.int(),
    bytes: Bytes,
    startTicks: z.int(),
    durationTicks: z.int(),
    isIndependent: z.boolean(),
    keyframeBytes: z.int(),
    frames: z.int(),
  }),
  z.object({ kind: z.literal("closed"), track: z.string(), msn: z.int(), parts: z.int() }),
  z.object({ kind: z.literal("end") }),
]);

/** Where a room is played; paths of this instance. */
export const Playback = z
  .object({ hlsUrl: PublicPath, flvUrl: PublicPath, webrtcUrl: PublicPath, expiresAtMs: Instant.nullable() })
  .meta({ id: "LivePlayback" });

export const streamMethods = {
  /** Whether the caller may watch a room now, by their own right or by a playback token. */
  playback: query({
    auth: "public",
    input: z.object({ id: Id, token: z.string().max(200).optional() }),
    /** `isOpen`: everybody may watch it by its address. */
    output: z.object({ isOpen: z.boolean(), status: Status }),
    errors: [LiveNotFound, PasswordNeeded, BadPlaybackToken, BannedFromRoom],
  }),
  playbackAddress: query({
    http: "GET /api/v1/lives/:id/playback",
    auth: "public",
    summary: "The addresses of a live room for the caller; those of a room that is not open to all end with the token.",
    input: z.object({ id: Id }),
    output: Playback,
    errors: [LiveNotFound, PasswordNeeded, BannedFromRoom],
  }),
  /**
   * The events of a room's stream: those of its newest segments, then what comes. It waits where there is none yet.
   * `isRelayed`: for another process of this service, which asks all of them.
   */
  media: stream({
    auth: "service",
    input: z.object({ id: Id, isRelayed: z.boolean().default(false) }),
    /** `waiting`: events that wait behind this one; none where the follower has all there is. */
    output: z.object({ event: StreamEvent, waiting: z.int() }),
  }),
  /** Whether the process that answers has the stream of a room. */
  hasStream: query({
    auth: "service",
    input: z.object({ id: Id }),
    output: z.object({ hasStream: z.boolean() }),
  }),
};
