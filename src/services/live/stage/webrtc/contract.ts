import { command, failure, Id, stream } from "#kernel";
import { Muted } from "#policy/copies/mutes";
import { z } from "zod";
import { Bytes } from "../../fields.ts";
import {
  BannedFromRoom,
  LiveEnded,
  LiveNotFound,
  NotLive,
  NotYourLive,
  lockFailures,
} from "../../room/rooms/contract.ts";
import { BadPlaybackToken, Format } from "../streams/contract.ts";

export const BadOffer = failure(
  "invalid",
  "live.bad_offer",
  "this offer cannot be answered",
  z.object({ reason: z.string() }),
);
export const WrongStreamKey = failure("unauthenticated", "live.wrong_stream_key", "no such stream key");
export const TooManyStreamKeys = failure(
  "exhausted",
  "live.too_many_stream_keys",
  "too many wrong stream keys, wait a few minutes",
);
export const TooManyStreams = failure(
  "unavailable",
  "live.too_many_streams",
  "this server has as many live streams as it takes, try again later",
);
export const TooManyWebrtcViewers = failure(
  "unavailable",
  "live.too_many_webrtc_viewers",
  "as many viewers as possible watch by WebRTC, use the HLS address",
);
export const TooManyOfNetwork = failure(
  "exhausted",
  "live.too_many_of_network",
  "too many viewers of your network watch by WebRTC, use the HLS address",
);
export const NotForWebrtc = failure(
  "conflict",
  "live.not_for_webrtc",
  "this stream has pictures that WebRTC cannot carry, use the HLS address",
);
export const NoSuchPeer = failure("not_found", "live.no_such_connection", "no such connection");

const Sdp = z.string().max(64 * 1024);
const Answer = z.object({ sdp: Sdp, sessionId: z.string() });
const SessionId = z.string().max(64);

/** An event of a stream, as in `src/media/frames/frame.ts`. `restart`: another publisher begins. */
export const FrameEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("format"), format: Format }),
  z.object({ kind: z.literal("video"), dts: z.int(), pts: z.int(), isKey: z.boolean(), bytes: Bytes }),
  z.object({ kind: z.literal("audio"), pts: z.int(), samples: z.int(), bytes: Bytes }),
  z.object({ kind: z.literal("restart") }),
  z.object({ kind: z.literal("end") }),
]);

export const webrtcMethods = {
  /** A browser or an encoder publishes: as the owner of the room, as its guest, or with its stream key. */
  publish: command({
    auth: "public",
    input: z.object({ id: Id, sdp: Sdp, key: z.string().max(100).optional() }),
    output: Answer,
    errors: [
      LiveNotFound,
      NotYourLive,
      ...lockFailures,
      BannedFromRoom,
      Muted,
      LiveEnded,
      BadOffer,
      WrongStreamKey,
      TooManyStreamKeys,
      TooManyStreams,
    ],
  }),
  /** A viewer watches by WebRTC, in the process that has the stream. */
  watch: command({
    auth: "public",
    input: z.object({
      id: Id,
      sdp: Sdp,
      token: z.string().max(200).optional(),
      isRelayed: z.boolean().default(false),
    }),
    output: Answer,
    errors: [
      LiveNotFound,
      ...lockFailures,
      BadPlaybackToken,
      BannedFromRoom,
      NotLive,
      BadOffer,
      NotForWebrtc,
      TooManyWebrtcViewers,
      TooManyOfNetwork,
    ],
  }),
  /** Ends a connection of either kind; who knows its id may. */
  hangUp: command({
    auth: "public",
    idempotent: true,
    input: z.object({ id: Id, sessionId: SessionId, isRelayed: z.boolean().default(false) }),
    output: z.object({}),
    errors: [NoSuchPeer],
  }),
  /** The frames of a room's stream: its formats, the frames since the newest key frame, then new ones as they come. */
  frames: stream({
    auth: "service",
    input: z.object({ id: Id, isRelayed: z.boolean().default(false) }),
    output: z.object({ event: FrameEvent }),
  }),
};
