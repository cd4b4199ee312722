import { Status, roomState } from "#events/live";
import { Visibility } from "#events/video";
import {
  command,
  Duration,
  failure,
  Id,
  Instant,
  named,
  page,
  pageInput,
  PositiveInstant,
  PictureAddress,
  PublicPath,
  query,
  SaidLine,
  UserRef,
} from "#kernel";
import { TooManyTries } from "#policy/attempt-limit";
import { WordsRefused } from "#policy/copies/blocklist";
import { Muted } from "#policy/copies/mutes";
import { Gate, gateInput, GateQuery, GateState, Teaser } from "#policy/gates/fields";
import { ChainUnavailable, GateClosed, GateMissing, GatePasswordMissing } from "#policy/gates/failures";
import { UnknownCategory } from "#policy/categories";
import { z } from "zod";

export const LiveNotFound = failure("not_found", "live.not_found", "no such live room");
export const NotYourLive = failure("denied", "live.not_yours", "only its owner can change a live room");
export const NotLive = failure("conflict", "live.not_live", "this room is not live");
export const LiveEnded = failure("conflict", "live.ended", "this live room has ended");
export const TooManyWaiting = failure(
  "conflict",
  "live.too_many_waiting",
  "you have the maximum of 20 rooms that have not ended, end some of them first",
);
export const TooFarAhead = failure("invalid", "live.too_far_ahead", "a live room is planned within a year");
/** The existence of the room is no secret; all else about it needs the password. */
export const PasswordNeeded = failure("denied", "live.password_required", "this live room needs its password");
/** Why a room whose existence is no secret does not open. */
export const lockFailures = [PasswordNeeded, GateClosed, ChainUnavailable] as const;
export const WrongPassword = failure("denied", "live.wrong_password", "this is not the password of this live room");
export const NoPassword = failure("conflict", "live.no_password", "this live room has no password");
export const PasswordMissing = failure("invalid", "live.password_missing", "choose a password for this live room");
export const BannedFromRoom = failure("denied", "live.banned", "you were removed from this live room");

/** A live room without its owner and its addresses, which the gateway adds. */
export const Live = z
  .object({
    id: Id,
    ownerId: Id,
    title: z.string(),
    description: z.string(),
    /** An address that the owner gave; empty where there is none. */
    coverUrl: named("cover", z.string()),
    /** A picture of the stream as it was a moment ago, where it is open to all; null where there is none. */
    pictureUrl: PublicPath.nullable(),
    categoryId: Id.nullable(),
    /** The same number as `id`. */
    roomId: Id,
    status: Status,
    visibility: Visibility,
    isPrivate: z.boolean(),
    /** The terms that open it, for its owner; absent where the visibility is another. */
    gate: Gate.optional(),
    /** For its owner. */
    teaser: Teaser.optional(),
    onlineCount: z.int(),
    peakCount: z.int(),
    viewCount: z.int(),
    likeCount: z.int(),
    giftCount: z.int(),
    /** Coins. */
    giftValue: z.int(),
    hasProducts: z.boolean(),
    isMine: z.boolean(),
    /** A moderator removed it: it has ended, and its owner alone finds it. */
    isRemoved: z.boolean(),
    /** When its owner plans to begin; null where nothing is planned. */
    scheduledAtMs: Instant.nullable(),
    startedAtMs: Instant.nullable(),
    endedAtMs: Instant.nullable(),
    /** Since it was started, until now or until its end. */
    durationMs: Duration,
    /** True if a video is made of the room when it ends. */
    keepsRecording: z.boolean(),
    /** The video that its recording became; null before. */
    videoId: Id.nullable(),
    /** For its owner alone: the whole key where it was just made, else its last four characters after an ellipsis. */
    streamKey: z.string().optional(),
    /** For its owner alone: where an encoder publishes, `rtmp://…` or `rtmps://…`; the key is the stream's name there. */
    pushUrl: z.string().optional(),
    createdAtMs: Instant,
  })
  .meta({ id: "Live" });
export type Live = z.infer<typeof Live>;

export const changeable = {
  title: SaidLine(100),
  description: z.string().max(1_000),
  /** A path of this instance or an address elsewhere; pages of this instance show only the former. */
  coverUrl: named("cover", PictureAddress),
  /** Null for none. */
  categoryId: Id.nullable(),
  visibility: Visibility,
  /** For `visibility: password`; never returned. */
  password: z.string().min(4).max(128),
  isPrivate: z.boolean(),
  /** Null where nothing is planned. */
  scheduledAtMs: PositiveInstant.nullable(),
  keepsRecording: z.boolean(),
  /** True if followers are notified when the room starts. */
  notifiesFollowers: z.boolean(),
  ...gateInput,
};
const optional = z.object(changeable).partial().shape;

export const roomMethods = {
  create: command({
    http: "POST /api/v1/lives",
    auth: "user",
    summary: "Creates a live room; the answer has the stream key, which is not shown again.",
    input: z.object({ ...optional, title: SaidLine(100) }),
    output: Live,
    errors: [
      PasswordMissing,
      GateMissing,
      GatePasswordMissing,
      UnknownCategory,
      TooManyWaiting,
      TooFarAhead,
      Muted,
      WordsRefused,
    ],
  }),
  list: query({
    http: "GET /api/v1/lives",
    auth: "public",
    summary: "Public live rooms: those that are live, or those of one status; the newest or the most watched first.",
    input: z.object({
      status: Status.optional(),
      sort: z.enum(["latest", "viewers"]).default("latest"),
      categoryId: Id.optional(),
      ...pageInput,
    }),
    output: page(Live),
  }),
  ofUser: query({
    http: "GET /api/v1/users/:id/lives",
    auth: "public",
    summary: "The live rooms of a user that the caller may find, the newest first; the caller's own are all of them.",
    input: z.object({ id: UserRef, status: Status.optional(), ...pageInput }),
    output: page(Live),
  }),
  get: query({
    http: "GET /api/v1/lives/:id",
    auth: "public",
    summary: "A live room that the caller may see.",
    input: z.object({ id: Id }),
    output: Live,
    errors: [LiveNotFound, ...lockFailures, BannedFromRoom],
  }),
  update: command({
    http: "PUT /api/v1/lives/:id",
    auth: "user",
    idempotent: true,
    summary: "Changes a live room of the caller; omitted fields keep their value.",
    input: z.object({ id: Id, ...optional }),
    output: Live,
    errors: [
      LiveNotFound,
      NotYourLive,
      ...lockFailures,
      LiveEnded,
      PasswordMissing,
      GateMissing,
      GatePasswordMissing,
      UnknownCategory,
      TooFarAhead,
      Muted,
      WordsRefused,
    ],
  }),
  remove: command({
    http: "DELETE /api/v1/lives/:id",
    auth: "user",
    idempotent: true,
    summary: "Deletes a live room of the caller; one that is live ends first. Its recording stays.",
    input: z.object({ id: Id }),
    output: z.object({}),
    errors: [LiveNotFound, NotYourLive, ...lockFailures],
  }),
  resetKey: command({
    http: "POST /api/v1/lives/:id/stream-key",
    auth: "user",
    summary:
      "Replaces the stream key; the former one is refused from then on, and a publisher that uses it is disconnected.",
    input: z.object({ id: Id }),
    output: z.object({ streamKey: z.string(), pushUrl: z.string() }),
    errors: [LiveNotFound, NotYourLive, ...lockFailures, LiveEnded],
  }),
  start: command({
    http: "POST /api/v1/lives/:id/start",
    auth: "user",
    idempotent: true,
    summary: "Opens a live room of the caller to its viewers.",
    input: z.object({ id: Id }),
    output: Live,
    errors: [LiveNotFound, NotYourLive, ...lockFailures, LiveEnded, Muted],
  }),
  end: command({
    http: "POST /api/v1/lives/:id/end",
    auth: "user",
    idempotent: true,
    summary: "Ends a live room of the caller.",
    input: z.object({ id: Id }),
    output: Live,
    errors: [LiveNotFound, NotYourLive, ...lockFailures],
  }),
  unlock: command({
    http: "POST /api/v1/lives/:id/unlock",
    auth: "public",
    rate: "login",
    summary: "Exchanges the password of a live room for a token that is sent as `X-Kinora-Unlock`.",
    input: z.object({ id: Id, password: z.string().max(128) }),
    output: z.object({ unlock: z.string(), expiresAtMs: Instant }),
    errors: [LiveNotFound, NoPassword, WrongPassword, TooManyTries],
  }),
  /** The gate of a room, and how the caller stands before it. */
  gate: query({ auth: "service", input: GateQuery, output: GateState, errors: [LiveNotFound] }),
  /** All rooms regardless of visibility, in batches after an id. For indexes of them. */
  batch: query({
    auth: "service",
    input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(500).default(200) }),
    output: z.object({ items: z.array(z.object({ ...roomState, startedAtMs: Instant.nullable() })) }),
  }),
  /** How many rooms are live, hidden ones among them, and how many watch them. */
  onAir: query({
    auth: "service",
    input: z.object({}),
    output: z.object({ rooms: z.int(), viewers: z.int() }),
  }),
  /** The given rooms that may be in lists for the caller, in no order. */
  visible: query({
    auth: "service",
    input: z.object({ ids: z.array(Id).max(200) }),
    output: z.object({ items: z.array(Live) }),
  }),
};

export const HostBlocked = failure("denied", "live.host_blocked", "one of you has blocked the other");
