import { Status } from "#events/live";
import { command, Duration, failure, Id, Instant, PublicPath, query, stream } from "#kernel";
import { z } from "zod";
import { Bytes } from "../../fields.ts";
import { BannedFromRoom, LiveNotFound, NotYourLive, lockFailures } from "../../room/rooms/contract.ts";

export const BadPlaybackToken = failure(
  "denied",
  "live.bad_playback_token",
  "this playback address has expired, load the page again",
);

/** The playback addresses of a stream; with a token if it is not open to all. Pure. */
export function streamAddresses(id: Id, token?: string) {
  const base = `/api/v1/lives/${id}`;
  const query = token === undefined ? "" : `?token=${token}`;
  const hls = `${base}/${token === undefined ? "" : `t/${token}/`}hls`;
  return {
    hlsUrl: `${hls}/master.m3u8`,
    dvrUrl: `${hls}/dvr.m3u8`,
    flvUrl: `${base}/stream.flv${query}`,
    webrtcUrl: `${base}/whep${query}`,
  };
}

export const NoPicture = failure("not_found", "live.no_picture", "this live room has no picture yet");

export const SegmentNotKept = failure("not_found", "live.segment_not_kept", "this part of the stream is not kept");

/** As `src/media/frames/frame.ts` has them. */
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
  stated: z.object({ peakBps: z.int(), averageBps: z.int(), framesPerSecond: z.number() }),
  init: Bytes,
  format: Format,
});
/** An event of a stream, as in `src/media/live/events.ts`. */
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
    discontinuities: z.int(),
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

/** The playback addresses of a room; paths of this instance. */
export const Playback = z
  .object({
    hlsUrl: PublicPath,
    /** HLS of the pictures as they were sent, as far back as the room is recorded; without a recording as `hlsUrl`. */
    dvrUrl: PublicPath,
    flvUrl: PublicPath,
    webrtcUrl: PublicPath,
    expiresAtMs: Instant.nullable(),
  })
  .meta({ id: "LivePlayback" });

/** Why a publisher is refused or stopped. `order`: its messages came in an order that none may have. */
export const RefusalReason = z.enum([
  "wrong_key",
  "key_replaced",
  "ended",
  "full",
  "unsupported",
  "malformed",
  "too_large",
  "order",
  "bitrate_exceeded",
  "duration_exceeded",
]);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** How a stream comes in; rates are of the last ten seconds. */
export const StreamHealth = z
  .object({
    /** A publisher is connected. */
    isSending: z.boolean(),
    source: z.enum(["rtmp", "whip"]).nullable(),
    sinceMs: Instant.nullable(),
    bitrateBps: z.int(),
    framesPerSecond: z.number(),
    /** Between the two newest key frames. */
    keyframeMs: Duration.nullable(),
    droppedFrames: z.int(),
    video: z.object({ codec: z.string(), width: z.int(), height: z.int() }).nullable(),
    audio: z.object({ codec: z.string(), sampleRate: z.int(), channels: z.int() }).nullable(),
    warnings: z.array(
      z.enum([
        "keyframes_apart",
        "no_sound",
        "no_picture",
        "frames_dropped",
        "silent",
        "rung_degraded",
        "recording_stopped",
        "keyframes_missing",
        "picture_not_common",
        "clocks_apart",
        "clock_frozen",
      ]),
    ),
    /**
     * The last refusal or stop of a publisher, with the sentence that it got; null if there was none. A refusal for a
     * wrong key is shown only to callers at the publisher's address.
     */
    lastRefusal: z.object({ atMs: Instant, reason: RefusalReason, sentence: z.string() }).nullable(),
    /** Smaller renditions that are encoded of it, and `aac`, its sound where that is Opus. */
    rungs: z.array(z.object({ name: z.string(), state: z.enum(["starting", "steady", "degraded", "given_up"]) })),
  })
  .meta({ id: "StreamHealth" });

export const streamMethods = {
  health: query({
    http: "GET /api/v1/lives/:id/health",
    auth: "user",
    summary: "How the stream of a live room of the caller comes in, with what is wrong with it.",
    input: z.object({ id: Id }),
    output: StreamHealth,
    errors: [LiveNotFound, NotYourLive, ...lockFailures],
  }),
  /** The same, of the process that answers. */
  incoming: query({ auth: "service", input: z.object({ id: Id }), output: StreamHealth }),
  /** Checks that the caller may watch a room now, by their own right or by a playback token. */
  playback: query({
    auth: "public",
    input: z.object({ id: Id, token: z.string().max(200).optional() }),
    /** `isOpen`: everybody may watch it by its address. */
    output: z.object({ isOpen: z.boolean(), status: Status }),
    errors: [LiveNotFound, ...lockFailures, BadPlaybackToken, BannedFromRoom],
  }),
  playbackAddress: query({
    http: "GET /api/v1/lives/:id/playback",
    auth: "public",
    summary: "The addresses of a live room for the caller; those of a room that is not open to all end with the token.",
    input: z.object({ id: Id }),
    output: Playback,
    errors: [LiveNotFound, ...lockFailures, BannedFromRoom],
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
  /** A JPEG of the stream, some seconds old at most. `isRelayed` as that of `media`. */
  picture: query({
    auth: "service",
    input: z.object({ id: Id, isRelayed: z.boolean().default(false) }),
    output: z.object({ bytes: Bytes }),
    errors: [NoPicture],
  }),
  /** The segments of a room's recording, as far as they are stored. `windowMs`: how far back viewers may go. */
  history: query({
    auth: "service",
    input: z.object({ id: Id, afterMsn: z.int() }),
    output: z.object({
      windowMs: z.int(),
      /** The headers that all of them have. */
      tracks: z.array(z.object({ track: z.string(), init: Bytes })),
      segments: z.array(
        z.object({
          msn: z.int(),
          isDiscontinuous: z.boolean(),
          startTicks: z.int(),
          ranges: z.array(
            z.object({
              track: z.string(),
              startTicks: z.int(),
              durationTicks: z.int(),
              sizeBytes: z.int(),
              frames: z.int(),
              isIndependent: z.boolean(),
            }),
          ),
        }),
      ),
    }),
  }),
  /** The bytes of one of them. */
  segment: query({
    auth: "service",
    input: z.object({ id: Id, track: z.string().max(32), msn: z.int() }),
    output: z.object({ bytes: Bytes }),
    errors: [SegmentNotKept],
  }),
  /**
   * Another process has the publisher of a room: the process that answers stores what it has of the stream and the position
   * behind it, and lets it go.
   */
  releaseStream: command({
    auth: "service",
    input: z.object({ id: Id }),
    output: z.object({}),
  }),
  /** True if the process that answers has the stream of a room. */
  hasStream: query({
    auth: "service",
    input: z.object({ id: Id }),
    output: z.object({ hasStream: z.boolean() }),
  }),
};
