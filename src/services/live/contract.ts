import {
  command,
  Duration,
  event,
  failure,
  Id,
  Instant,
  named,
  page,
  pageInput,
  PublicPath,
  query,
  Said,
  SocketPath,
  service,
  stream,
  UserRef,
} from "#kernel";
import { TooManyTries } from "#policy/attempt-limit";
import { blocklist, WordsRefused } from "#policy/blocklist";
import { Muted, mutes } from "#policy/mutes";
import { UnknownCategory } from "#policy/categories";
import { UserNotFound } from "#services/user/contract";
import { Visibility } from "#services/video/contract";
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
export const WrongPassword = failure("denied", "live.wrong_password", "this is not the password of this live room");
export const NoPassword = failure("conflict", "live.no_password", "this live room has no password");
export const PasswordMissing = failure("invalid", "live.password_missing", "choose a password for this live room");

export const BadPlaybackToken = failure(
  "denied",
  "live.bad_playback_token",
  "this playback address has expired, load the page again",
);

/** `paused`: the publisher is gone for a moment; the room ends when it does not come back in time. */
export const Status = z.enum(["waiting", "live", "paused", "ended"]);
export type Status = z.infer<typeof Status>;

/** A live room without its owner and its addresses, which the gateway adds. */
export const Live = z
  .object({
    id: Id,
    ownerId: Id,
    title: z.string(),
    description: z.string(),
    /** An address that the owner gave; empty where there is none. */
    coverUrl: named("cover", z.string()),
    categoryId: Id.nullable(),
    /** The same number as `id`. */
    roomId: Id,
    status: Status,
    visibility: Visibility,
    isPrivate: z.boolean(),
    onlineCount: z.int(),
    peakCount: z.int(),
    viewCount: z.int(),
    likeCount: z.int(),
    giftCount: z.int(),
    /** Coins. */
    giftValue: z.int(),
    hasProducts: z.boolean(),
    isMine: z.boolean(),
    /** When its owner plans to begin; null where nothing is planned. */
    scheduledAtMs: Instant.nullable(),
    startedAtMs: Instant.nullable(),
    endedAtMs: Instant.nullable(),
    /** Since it was started, until now or until its end. */
    durationMs: Duration,
    /** Whether a video is made of it when it ends. */
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

const Bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);
/** As `src/media/live/frame.ts` has them. */
const Format = z.discriminatedUnion("kind", [
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

const changeable = {
  title: Said(100),
  description: z.string().max(1_000),
  /** A path of this instance or an address elsewhere; pages of this instance show only the former. */
  coverUrl: named(
    "cover",
    z
      .string()
      .max(2_000)
      .regex(/^(?:$|https?:\/\/[^\s<>"]+$|\/[^\s<>"]+$)/, "an http or https address, or a path of this instance"),
  ),
  categoryId: Id,
  visibility: Visibility,
  /** For `visibility: password`; never returned. */
  password: z.string().min(4).max(128),
  isPrivate: z.boolean(),
  scheduledAtMs: Instant,
  keepsRecording: z.boolean(),
  /** Whether followers are notified when it starts. */
  notifiesFollowers: z.boolean(),
};
/** Where a room is played; paths of this instance. */
export const Playback = z
  .object({ hlsUrl: PublicPath, flvUrl: PublicPath, webrtcUrl: PublicPath, expiresAtMs: Instant.nullable() })
  .meta({ id: "LivePlayback" });

const optional = z.object(changeable).partial().shape;

/* Coins: wallets and payouts. */

export const TooFewCoins = failure(
  "conflict",
  "live.too_few_coins",
  "you have too few coins for this",
  z.object({ balance: z.int() }),
  402,
);
export const NoAmount = failure("invalid", "live.no_amount", "an amount of 0 coins moves nothing");
export const PayoutNotFound = failure("not_found", "live.payout_not_found", "no such payout");
export const PayoutDecided = failure("conflict", "live.payout_decided", "this payout was decided the other way");

/** Coins of a user. */
export const Wallet = z
  .object({
    /** All that can be spent on gifts, `giftBalance` included. */
    balance: z.int(),
    /** The part that can be spent on gifts and nothing else, such as the coins of a new account. */
    giftBalance: z.int(),
    /** From gifts that were received; they can be paid out. */
    earnings: z.int(),
    /** Earnings that were asked to be paid out, and are not paid yet. */
    pendingPayouts: z.int(),
  })
  .meta({ id: "Wallet" });

/** A move of coins as the owner of one account sees it. */
export const StatementEntry = z
  .object({
    id: Id,
    account: z.enum(["gift_coins", "coins", "earnings"]),
    kind: z.enum(["sign_up", "grant", "correction", "gift", "platform_share", "payout"]),
    /** Coins: positive where they came, negative where they went. */
    amount: z.int(),
    /** Coins of that account afterwards. */
    balance: z.int(),
    /** The gift it is about, where it is about one. */
    liveId: Id.nullable(),
    giftId: Id.nullable(),
    /** Who sent or received the gift; null where it was sent anonymously. */
    userId: Id.nullable(),
    /** The payout it is about. */
    payoutId: Id.nullable(),
    atMs: Instant,
  })
  .meta({ id: "StatementEntry" });

export const PayoutStatus = z.enum(["pending", "approved", "paid", "refused", "expired"]);
export type PayoutStatus = z.infer<typeof PayoutStatus>;
export const Payout = z
  .object({
    id: Id,
    /** Coins. */
    amount: z.int(),
    status: PayoutStatus,
    /** From who decided it, for the owner to read. */
    note: z.string(),
    requestedAtMs: Instant,
    /** When it expires undecided. */
    expiresAtMs: Instant,
    decidedAtMs: Instant.nullable(),
  })
  .meta({ id: "Payout" });
/** With whose it is, for administrators; null where the account is deleted. */
export const UserPayout = Payout.extend({ userId: Id.nullable() }).meta({ id: "UserPayout" });
const coins = z.int().min(1).max(1_000_000_000);

const walletMethods = {
  wallet: query({
    http: "GET /api/v1/users/me/wallet",
    auth: "user",
    summary: "The coins of the caller; a new account begins with some for gifts.",
    input: z.object({}),
    output: Wallet,
  }),
  statement: query({
    http: "GET /api/v1/users/me/wallet/statement",
    auth: "user",
    summary: "Every move of the caller's coins, the newest first; the amounts of an account add up to its balance.",
    input: z.object(pageInput),
    output: page(StatementEntry),
  }),
  requestPayout: command({
    http: "POST /api/v1/users/me/payouts",
    auth: "user",
    summary: "Asks for earnings to be paid out; they are set aside until an administrator decides.",
    input: z.object({ amount: coins }),
    output: Payout,
    errors: [TooFewCoins],
  }),
  ownPayouts: query({
    http: "GET /api/v1/users/me/payouts",
    auth: "user",
    summary: "The payouts of the caller, the newest first.",
    input: z.object(pageInput),
    output: page(Payout),
  }),
  payouts: query({
    http: "GET /api/v1/admin/payouts",
    auth: "admin",
    summary: "The payouts of all users, or those of one status; the newest first.",
    input: z.object({ status: PayoutStatus.optional(), ...pageInput }),
    output: page(UserPayout),
  }),
  decidePayout: command({
    http: "POST /api/v1/admin/payouts/:id/decision",
    auth: "admin",
    idempotent: true,
    summary: "Approves a payout, or refuses it: then its coins are earnings again.",
    input: z.object({ id: Id, approve: z.boolean(), note: z.string().max(500).default("") }),
    output: UserPayout,
    errors: [PayoutNotFound, PayoutDecided],
  }),
  grantCoins: command({
    http: "POST /api/v1/admin/users/:id/coins",
    auth: "admin",
    summary: "Gives a user coins; a negative amount takes some back. It is in the audit log with its reason.",
    input: z.object({ id: Id, amount: z.int().min(-1_000_000).max(1_000_000), reason: Said(200) }),
    output: Wallet,
    errors: [UserNotFound, NoAmount, TooFewCoins],
  }),
};

/* Gifts. */

export const GiftNotFound = failure("not_found", "live.gift_not_found", "no such gift");
export const GiftToYourself = failure("invalid", "live.gift_to_yourself", "gifts are for others");
export const HostBlocked = failure("denied", "live.host_blocked", "one of you has blocked the other");

/** What can be given in a live room. */
export const Gift = z
  .object({
    id: Id,
    /** English; pages translate it by `gift.<slug>`. */
    name: z.string(),
    slug: z.string(),
    /** An emoji. */
    icon: z.string(),
    /** How the room shows it. */
    animation: z.enum(["pop", "float", "burst", "screen"]),
    /** Coins. */
    price: z.int(),
    type: z.enum(["small", "large", "grand"]),
    /** From 1: how prominent it is. */
    level: z.int(),
  })
  .meta({ id: "Gift" });
export type Gift = z.infer<typeof Gift>;

/** A gift that was paid. */
export const GiftRecord = z
  .object({
    id: Id,
    liveId: Id,
    /** Who gave it; null for others where it was given anonymously, and where the account is deleted. */
    userId: Id.nullable(),
    /** The owner of the room. */
    targetId: Id,
    giftId: Id,
    giftName: z.string(),
    giftSlug: z.string(),
    giftIcon: z.string(),
    quantity: z.int(),
    /** Coins. */
    unitPrice: z.int(),
    totalValue: z.int(),
    /** How many of this gift the sender has given in a row, no two more than 3 s apart, this one included. */
    comboCount: z.int(),
    message: z.string(),
    isAnonymous: z.boolean(),
    isMine: z.boolean(),
    /** For its sender alone: what could still be spent afterwards. */
    balance: z.int().optional(),
    createdAtMs: Instant,
  })
  .meta({ id: "GiftRecord" });
export type GiftRecord = z.infer<typeof GiftRecord>;

/** One of those who gave most in a room. */
export const Giver = z
  .object({
    rank: z.int(),
    /** Null for others where the gifts were anonymous. */
    userId: Id.nullable(),
    isAnonymous: z.boolean(),
    isMine: z.boolean(),
    giftCount: z.int(),
    /** Coins. */
    totalValue: z.int(),
  })
  .meta({ id: "Giver" });
export type Giver = z.infer<typeof Giver>;

const giftMethods = {
  gifts: query({
    http: "GET /api/v1/lives/gifts",
    auth: "public",
    cache: { maxAgeMs: 60_000 },
    summary: "The gifts there are, the least expensive first.",
    input: z.object({}),
    output: z.object({ items: z.array(Gift) }),
  }),
  sendGift: command({
    http: "POST /api/v1/lives/:id/gifts",
    auth: "user",
    summary:
      "Gives the owner of a live room a gift; coins for gifts alone are spent first. With an `Idempotency-Key` it is paid once, however often it is sent.",
    input: z.object({
      id: Id,
      giftId: Id,
      quantity: z.int().min(1).max(9_999).default(1),
      message: z.string().max(100).default(""),
      isAnonymous: z.boolean().default(false),
    }),
    output: GiftRecord,
    errors: [
      LiveNotFound,
      PasswordNeeded,
      NotLive,
      GiftNotFound,
      GiftToYourself,
      HostBlocked,
      TooFewCoins,
      Muted,
      WordsRefused,
    ],
  }),
  giftRecords: query({
    http: "GET /api/v1/lives/:id/gifts",
    auth: "public",
    summary: "The gifts of a live room, the newest first.",
    input: z.object({ id: Id, ...pageInput }),
    output: page(GiftRecord),
    errors: [LiveNotFound, PasswordNeeded],
  }),
  givers: query({
    http: "GET /api/v1/lives/:id/rank",
    auth: "public",
    summary: "Those who gave most in a live room.",
    input: z.object({ id: Id, limit: z.int().min(1).max(100).default(20) }),
    output: z.object({ items: z.array(Giver) }),
    errors: [LiveNotFound, PasswordNeeded],
  }),
};

/* Fan clubs: one for each host. */

export const OwnFanClub = failure("invalid", "live.own_fan_club", "the host is no member of their own fan club");

const membership = {
  /** From 1; 0 where the caller is no member. */
  level: z.int(),
  /** Coins that the member has given this host. */
  experience: z.int(),
  /** The experience at which the next level begins; null at the highest. */
  nextLevelAt: z.int().nullable(),
  badgeName: z.string(),
};
/** The fan club of the owner of a room, and the caller's part in it. */
export const FanClub = z
  .object({
    /** The number of the host. */
    id: Id,
    /** The name of the host. */
    name: z.string(),
    memberCount: z.int(),
    isMember: z.boolean(),
    ...membership,
  })
  .meta({ id: "FanClub" });
export const FanClubMember = z
  .object({ isMember: z.boolean(), memberCount: z.int(), ...membership })
  .meta({ id: "FanClubMember" });

const fanClubMethods = {
  fanClub: query({
    http: "GET /api/v1/lives/:id/fan-club",
    auth: "public",
    summary: "The fan club of the owner of a live room.",
    input: z.object({ id: Id }),
    output: FanClub,
    errors: [LiveNotFound, PasswordNeeded],
  }),
  joinFanClub: command({
    http: "POST /api/v1/lives/:id/fan-club/join",
    auth: "user",
    idempotent: true,
    summary: "Joins the fan club of the owner of a live room. Gifts to them are experience from then on.",
    input: z.object({ id: Id }),
    output: FanClubMember,
    errors: [LiveNotFound, PasswordNeeded, OwnFanClub, HostBlocked],
  }),
  leaveFanClub: command({
    http: "DELETE /api/v1/lives/:id/fan-club/join",
    auth: "user",
    idempotent: true,
    summary: "Leaves the fan club; those who join again have the experience that they had.",
    input: z.object({ id: Id }),
    output: FanClubMember,
    errors: [LiveNotFound, PasswordNeeded],
  }),
};

/* Products. No payment is taken: a confirmed reservation is an order that the host sees, and settles with the buyer. */

export const ProductNotFound = failure("not_found", "live.product_not_found", "no such product");
export const TooManyProducts = failure(
  "conflict",
  "live.too_many_products",
  "this room has the maximum of 100 products, remove some first",
);
export const SoldOut = failure(
  "conflict",
  "live.sold_out",
  "there are not as many left",
  z.object({ available: z.int() }),
);
export const ReservationNotFound = failure("not_found", "live.reservation_not_found", "no such reservation");
export const ReservationOver = failure(
  "conflict",
  "live.reservation_over",
  "this reservation has expired or was cancelled",
);
export const ReservationConfirmed = failure(
  "conflict",
  "live.reservation_confirmed",
  "this reservation was confirmed and is an order now",
);

const ProductStatus = z.enum(["on", "off"]);
/** In units of the currency, such as 24.5; rounded to whole hundredths. */
const Price = z.number().min(0).max(10_000_000);
const Stock = z.int().min(0).max(1_000_000);

/** Something that the host of a room sells. */
export const Product = z
  .object({
    id: Id,
    liveId: Id,
    name: z.string(),
    description: z.string(),
    coverUrl: named("cover", z.string()),
    price: z.number(),
    /** What it costs for now; null where that is its price. */
    salePrice: z.number().nullable(),
    currency: z.string(),
    /** As the owner set it, less what was ordered. */
    stock: z.int(),
    /** The stock less what is reserved right now. */
    available: z.int(),
    /** Only its owner sees one that is `off`. */
    status: ProductStatus,
    isPinned: z.boolean(),
    createdAtMs: Instant,
  })
  .meta({ id: "Product" });
export type Product = z.infer<typeof Product>;

/** Some of a product, kept for a buyer for two minutes. */
export const Reservation = z
  .object({
    id: Id,
    productId: Id,
    quantity: z.int(),
    unitPrice: z.number(),
    totalPrice: z.number(),
    currency: z.string(),
    status: z.enum(["reserved", "confirmed", "cancelled", "expired"]),
    expiresAtMs: Instant,
  })
  .meta({ id: "Reservation" });
export type Reservation = z.infer<typeof Reservation>;

/** A confirmed reservation as the host sees it. Nothing was paid here. */
export const Order = z
  .object({
    id: Id,
    productId: Id,
    productName: z.string(),
    /** The buyer; null where the account is deleted. */
    userId: Id.nullable(),
    quantity: z.int(),
    unitPrice: z.number(),
    totalPrice: z.number(),
    currency: z.string(),
    confirmedAtMs: Instant,
  })
  .meta({ id: "Order" });
export type Order = z.infer<typeof Order>;

const productFields = {
  name: Said(100),
  description: z.string().max(1_000),
  coverUrl: changeable.coverUrl,
  price: Price,
  /** One that is not below the price is none. */
  salePrice: Price,
  stock: Stock,
  status: ProductStatus,
};
const product = { id: Id, pid: Id };
const reservation = { ...product, rid: Id };
const ownRoom = [LiveNotFound, NotYourLive, PasswordNeeded] as const;
const ofBuyer = [LiveNotFound, PasswordNeeded, ProductNotFound, ReservationNotFound] as const;

const productMethods = {
  products: query({
    http: "GET /api/v1/lives/:id/products",
    auth: "public",
    summary: "The products of a live room, the newest first; those that are off are listed for the owner alone.",
    input: z.object({ id: Id, ...pageInput }),
    output: page(Product),
    errors: [LiveNotFound, PasswordNeeded],
  }),
  addProduct: command({
    http: "POST /api/v1/lives/:id/products",
    auth: "user",
    summary: "Adds a product to a live room of the caller.",
    input: z.object({
      id: Id,
      ...z.object(productFields).partial().shape,
      name: Said(100),
      price: Price,
      stock: Stock,
    }),
    output: Product,
    errors: [...ownRoom, TooManyProducts],
  }),
  updateProduct: command({
    http: "PUT /api/v1/lives/:id/products/:pid",
    auth: "user",
    idempotent: true,
    summary: "Changes a product; omitted fields keep their value.",
    input: z.object({ ...product, ...z.object(productFields).partial().shape }),
    output: Product,
    errors: [...ownRoom, ProductNotFound],
  }),
  removeProduct: command({
    http: "DELETE /api/v1/lives/:id/products/:pid",
    auth: "user",
    idempotent: true,
    summary: "Removes a product and its reservations; its orders stay.",
    input: z.object(product),
    output: z.object({}),
    errors: [...ownRoom, ProductNotFound],
  }),
  pinProduct: command({
    http: "POST /api/v1/lives/:id/products/:pid/pin",
    auth: "user",
    idempotent: true,
    summary: "Pins a product in its room, in place of the one that is pinned.",
    input: z.object(product),
    output: Product,
    errors: [...ownRoom, ProductNotFound],
  }),
  unpinProduct: command({
    http: "DELETE /api/v1/lives/:id/products/:pid/pin",
    auth: "user",
    idempotent: true,
    summary: "Unpins a product.",
    input: z.object(product),
    output: Product,
    errors: [...ownRoom, ProductNotFound],
  }),
  reserveProduct: command({
    http: "POST /api/v1/lives/:id/products/:pid/reservations",
    auth: "user",
    summary:
      "Reserves some of a product for two minutes, in place of what the caller had reserved of it. Nothing is paid by it.",
    input: z.object({ ...product, quantity: z.int().min(1).max(100).default(1) }),
    output: Reservation,
    errors: [LiveNotFound, PasswordNeeded, NotLive, ProductNotFound, HostBlocked, SoldOut],
  }),
  confirmReservation: command({
    http: "POST /api/v1/lives/:id/products/:pid/reservations/:rid/confirm",
    auth: "user",
    idempotent: true,
    summary: "Makes a reservation an order that the host sees. No payment is taken.",
    input: z.object(reservation),
    output: Reservation,
    errors: [...ofBuyer, ReservationOver, SoldOut],
  }),
  cancelReservation: command({
    http: "DELETE /api/v1/lives/:id/products/:pid/reservations/:rid",
    auth: "user",
    idempotent: true,
    summary: "Cancels a reservation; what it kept is free for others.",
    input: z.object(reservation),
    output: Reservation,
    errors: [...ofBuyer, ReservationConfirmed],
  }),
  orders: query({
    http: "GET /api/v1/lives/:id/orders",
    auth: "user",
    summary: "The orders of a live room of the caller, the newest first.",
    input: z.object({ id: Id, ...pageInput }),
    output: page(Order),
    errors: [...ownRoom],
  }),
};

export const BannedFromRoom = failure("denied", "live.banned", "you were removed from this live room");
export const MutedInRoom = failure(
  "denied",
  "live.muted",
  "you may not write in this live room for now",
  z.object({ untilMs: Instant.optional() }),
);
export const ChatClosed = failure("denied", "live.chat_closed", "the chat of this live room is closed");
export const FollowersOnly = failure("denied", "live.followers_only", "only followers write in this live room");
export const ChatBlocked = failure("denied", "live.chat_blocked", "you cannot write in this live room");
export const NotRoomModerator = failure(
  "denied",
  "live.not_moderator",
  "only the owner of a live room and its moderators can do this",
);
export const WordsRefusedHere = failure(
  "invalid",
  "live.words_refused",
  "this has words that are not said in this live room",
);
const retryAfterMs = z.object({ retryAfterMs: z.int() });
export const SlowMode = failure(
  "exhausted",
  "live.slow_mode",
  "this chat is slow, wait before the next message",
  retryAfterMs,
);
export const ChatTooFast = failure(
  "exhausted",
  "live.chat_too_fast",
  "you write too fast, wait a moment",
  retryAfterMs,
);
export const MessageNotFound = failure("not_found", "live.message_not_found", "no such message in this live room");
export const NotRestrictable = failure("conflict", "live.not_restrictable", "this account cannot be restricted here");
export const TooManyRoomModerators = failure(
  "conflict",
  "live.too_many_moderators",
  "a live room has at most 50 moderators",
);
export const BadRoomTicket = failure("unauthenticated", "live.bad_ticket", "this ticket was used, or is too old");

/** `host` is the owner of the room. */
const Badge = z.enum(["", "host", "moderator"]);
/** What was said or happened in a room, as it is kept. */
export const RoomMessage = z
  .object({
    /** Grows by one with each message of the room. */
    seq: z.int().nonnegative(),
    /** `chat`, or what happened: `gift`, `room`, `pin`, `unpin`, `deleted`, `restricted`, `ended` … */
    kind: named("type", z.string()),
    /** 0 where no account is behind it. */
    userId: z.int().nonnegative(),
    username: z.string(),
    nickname: z.string(),
    avatar: PublicPath,
    badge: Badge,
    /** The text of a chat message; empty for all else. */
    content: z.string(),
    /** What happened, as JSON; empty for a chat message. */
    detail: z.string(),
    createdAtMs: Instant,
  })
  .meta({ id: "LiveMessage" });
export type RoomMessage = z.infer<typeof RoomMessage>;
export const HeldMessage = z
  .object({
    id: Id,
    userId: Id,
    username: z.string(),
    nickname: z.string(),
    avatar: PublicPath,
    content: z.string(),
    /** Why it waits: `link`, or `word: …`. */
    reason: z.string(),
    createdAtMs: Instant,
  })
  .meta({ id: "HeldLiveMessage" });
export type HeldMessage = z.infer<typeof HeldMessage>;

/** One thing on its way to the sockets of a room. `payload` is JSON, written once. */
export const RoomLine = z.object({
  /** Its place in the room's sequence; 0 for what is sent once and never again. */
  seq: z.int().nonnegative(),
  kind: z.string(),
  userId: z.int().nonnegative(),
  username: z.string(),
  payload: z.string(),
  atMs: Instant,
  /** It is for this user alone. */
  toUserId: Id.optional(),
});
export type RoomLine = z.infer<typeof RoomLine>;
/** What came to a room in one tick. */
export const RoomBatch = z.object({
  /** The number before the first and of the last message of the sequence; equal where there is none in it. */
  from: z.int().nonnegative(),
  seq: z.int().nonnegative(),
  lines: z.array(RoomLine),
});
export type RoomBatch = z.infer<typeof RoomBatch>;

const Keyword = z.object({ pattern: Said(50), action: z.enum(["hold", "refuse"]) });
const chatSettings = {
  isOpen: z.boolean(),
  /** Between two messages of one viewer. */
  slowMode: z.int().min(0).max(3_600).describe("seconds; 0 is off"),
  followersOnly: z.boolean(),
  /** Links of who does not follow the owner are held. */
  holdLinks: z.boolean(),
};
export const ChatSettings = z.object({ ...chatSettings, keywords: z.array(Keyword) }).meta({ id: "LiveChatSettings" });
export type ChatSettings = z.infer<typeof ChatSettings>;

const inRoom = { id: Id };
const ofUserInRoom = { id: Id, userId: Id };
const inMessage = { id: Id, seq: z.int().positive() };
const visible = [LiveNotFound, PasswordNeeded];
const moderated = [...visible, NotRoomModerator];
const Restriction = z.object({
  userId: Id,
  kind: z.enum(["mute", "ban"]),
  untilMs: Instant.nullable(),
  createdAtMs: Instant,
});
const Member = z.object({ userId: Id, createdAtMs: Instant });

/** Chat, presence and moderation of rooms: what viewers do, then what the gateway asks. */
const roomMethods = {
  join: command({
    http: "POST /api/v1/lives/:id/join",
    auth: "user",
    idempotent: true,
    summary: "Enters a room that is live: where it is played, and a socket address that opens once within 30 seconds.",
    input: z.object(inRoom),
    output: z.object({
      live: Live,
      onlineCount: z.int(),
      wsUrl: SocketPath,
      playUrl: PublicPath,
      hlsUrl: PublicPath,
      flvUrl: PublicPath,
      webrtcUrl: PublicPath,
    }),
    errors: [...visible, NotLive, BannedFromRoom],
  }),
  leave: command({
    http: "POST /api/v1/lives/:id/leave",
    auth: "user",
    idempotent: true,
    summary: "Leaves a room that was entered by `join`.",
    input: z.object(inRoom),
    output: z.object({ onlineCount: z.int() }),
    errors: visible,
  }),
  say: command({
    http: "POST /api/v1/lives/:id/messages",
    auth: "user",
    summary: "Writes in the chat of a room that is live, as `chat` on its socket does.",
    input: z.object({ ...inRoom, content: Said(500) }),
    /** `message` is null where it is held until the owner or a moderator allows it. */
    output: z.object({ message: RoomMessage.nullable(), isHeld: z.boolean() }),
    errors: [
      ...visible,
      NotLive,
      BannedFromRoom,
      MutedInRoom,
      ChatClosed,
      FollowersOnly,
      ChatBlocked,
      SlowMode,
      ChatTooFast,
      Muted,
      WordsRefused,
      WordsRefusedHere,
    ],
  }),
  messages: query({
    http: "GET /api/v1/lives/:id/messages",
    auth: "public",
    summary: "What was said and happened in a room, the newest first.",
    input: z.object({ ...inRoom, ...pageInput }),
    output: page(RoomMessage),
    errors: visible,
  }),
  deleteMessage: command({
    http: "DELETE /api/v1/lives/:id/messages/:seq",
    auth: "user",
    idempotent: true,
    summary: "Deletes a message for everybody: one of the caller, or as the owner or a moderator of the room.",
    input: z.object(inMessage),
    output: z.object({}),
    errors: [...moderated, MessageNotFound],
  }),
  pinned: query({
    http: "GET /api/v1/lives/:id/pinned",
    auth: "public",
    summary: "The message that stays above the chat, or null.",
    input: z.object(inRoom),
    output: z.object({ message: RoomMessage.nullable() }),
    errors: visible,
  }),
  pin: command({
    http: "PUT /api/v1/lives/:id/pinned",
    auth: "user",
    idempotent: true,
    summary: "Keeps one message above the chat, in place of the one before.",
    input: z.object(inMessage),
    output: z.object({}),
    errors: [...moderated, MessageNotFound],
  }),
  unpin: command({
    http: "DELETE /api/v1/lives/:id/pinned",
    auth: "user",
    idempotent: true,
    summary: "Takes the message above the chat away.",
    input: z.object(inRoom),
    output: z.object({}),
    errors: moderated,
  }),
  chat: query({
    http: "GET /api/v1/lives/:id/chat",
    auth: "public",
    summary: "How the chat of a room is moderated; its keywords are for the owner and moderators alone.",
    input: z.object(inRoom),
    output: ChatSettings,
    errors: visible,
  }),
  setChat: command({
    http: "PUT /api/v1/lives/:id/chat",
    auth: "user",
    idempotent: true,
    summary: "Changes how the chat of a room is moderated; omitted fields keep their value.",
    input: z.object({
      ...inRoom,
      ...z.object(chatSettings).partial().shape,
      keywords: z.array(Keyword).max(100).optional(),
    }),
    output: ChatSettings,
    errors: moderated,
  }),
  held: query({
    http: "GET /api/v1/lives/:id/held",
    auth: "user",
    summary: "Messages that wait for the owner or a moderator of the room, the newest first.",
    input: z.object({ ...inRoom, ...pageInput }),
    output: page(HeldMessage),
    errors: moderated,
  }),
  allowHeld: command({
    http: "POST /api/v1/lives/:id/held/:held_id",
    auth: "user",
    idempotent: true,
    summary: "Sends a held message to the room.",
    input: z.object({ ...inRoom, heldId: Id }),
    output: z.object({}),
    errors: [...moderated, MessageNotFound],
  }),
  hideHeld: command({
    http: "DELETE /api/v1/lives/:id/held/:held_id",
    auth: "user",
    idempotent: true,
    summary: "Drops a held message.",
    input: z.object({ ...inRoom, heldId: Id }),
    output: z.object({}),
    errors: [...moderated, MessageNotFound],
  }),
  roomModerators: query({
    http: "GET /api/v1/lives/:id/moderators",
    auth: "user",
    summary: "The moderators of a room.",
    input: z.object(inRoom),
    output: z.object({ items: z.array(Member) }),
    errors: moderated,
  }),
  addModerator: command({
    http: "POST /api/v1/lives/:id/moderators/:user_id",
    auth: "user",
    idempotent: true,
    summary: "Makes an account a moderator of a room of the caller.",
    input: z.object(ofUserInRoom),
    output: z.object({}),
    errors: [...visible, NotYourLive, NotRestrictable, TooManyRoomModerators],
  }),
  removeModerator: command({
    http: "DELETE /api/v1/lives/:id/moderators/:user_id",
    auth: "user",
    idempotent: true,
    summary: "Takes the role of a moderator in a room of the caller back.",
    input: z.object(ofUserInRoom),
    output: z.object({}),
    errors: [...visible, NotYourLive],
  }),
  restrictions: query({
    http: "GET /api/v1/lives/:id/restrictions",
    auth: "user",
    summary: "The accounts that may not write in a room, or not watch it.",
    input: z.object({ ...inRoom, ...pageInput }),
    output: page(Restriction),
    errors: moderated,
  }),
  muteInRoom: command({
    http: "POST /api/v1/lives/:id/mutes/:user_id",
    auth: "user",
    idempotent: true,
    summary: "An account may not write in a room for so many minutes.",
    input: z.object({ ...ofUserInRoom, minutes: z.int().min(1).max(525_600).default(10) }),
    output: z.object({}),
    errors: [...moderated, NotRestrictable],
  }),
  unmuteInRoom: command({
    http: "DELETE /api/v1/lives/:id/mutes/:user_id",
    auth: "user",
    idempotent: true,
    summary: "Ends the mute of an account in a room.",
    input: z.object(ofUserInRoom),
    output: z.object({}),
    errors: moderated,
  }),
  banFromRoom: command({
    http: "POST /api/v1/lives/:id/bans/:user_id",
    auth: "user",
    idempotent: true,
    summary: "An account leaves a room, and may neither watch it nor come back.",
    input: z.object(ofUserInRoom),
    output: z.object({}),
    errors: [...moderated, NotRestrictable],
  }),
  unbanFromRoom: command({
    http: "DELETE /api/v1/lives/:id/bans/:user_id",
    auth: "user",
    idempotent: true,
    summary: "Ends the ban of an account from a room.",
    input: z.object(ofUserInRoom),
    output: z.object({}),
    errors: moderated,
  }),

  /** The holder of a ticket that `join` gave for a room, once. */
  redeemTicket: command({
    auth: "service",
    idempotent: true,
    input: z.object({ ...inRoom, ticket: z.string().regex(/^[\w-]{22}$/) }),
    output: z.object({
      userId: Id,
      sessionId: z.string(),
      role: z.enum(["user", "moderator", "admin"]),
      unlock: z.string().optional(),
    }),
    errors: [BadRoomTicket],
  }),
  /** Whether the caller may follow a room on a socket, and as whom. */
  attend: command({
    auth: "public",
    idempotent: true,
    input: z.object(inRoom),
    output: z.object({
      ownerId: Id,
      username: z.string(),
      status: Status,
      onlineCount: z.int(),
      generation: z.int(),
    }),
    errors: [...visible, NotLive, BannedFromRoom],
  }),
  /** Of viewers who were let in by `attend`: those who may not stay. 0 is one without an account. */
  dismissed: query({
    auth: "service",
    input: z.object({ ...inRoom, generation: z.int(), userIds: z.array(z.int().nonnegative()).max(5_000) }),
    output: z.object({ status: Status.nullable(), userIds: z.array(z.int()) }),
  }),
  /** What comes to a room, in batches: first what came after a number, where one is given. */
  room: stream({
    auth: "service",
    input: z.object({ ...inRoom, after: z.int().nonnegative().optional() }),
    output: RoomBatch,
  }),
  /** At most 500 messages after a number; `from` is higher than `after` where older ones are left out. */
  roomAfter: query({
    auth: "service",
    input: z.object({ ...inRoom, after: z.int().nonnegative() }),
    output: RoomBatch,
  }),
  /** Sends something to the sockets of a room that is not kept. */
  signal: command({
    auth: "service",
    input: z.object({
      ...inRoom,
      kind: z.enum(["user_joined", "user_left", "offer", "answer", "ice"]),
      username: z.string().max(100),
      payload: z.string().max(65_536),
      toUserId: Id.optional(),
    }),
    output: z.object({}),
  }),
  likeRoom: command({
    auth: "service",
    input: z.object({ ...inRoom, count: z.int().min(1).max(1_000_000) }),
    output: z.object({}),
  }),
  /** How many connections a gateway has in each of these rooms; yields the viewers of all gateways. */
  presence: command({
    auth: "service",
    idempotent: true,
    input: z.object({
      instance: z.string().max(300),
      rooms: z.array(z.object({ id: Id, count: z.int().nonnegative() })).max(1_000),
    }),
    output: z.object({ items: z.array(z.object({ id: Id, onlineCount: z.int() })) }),
  }),
  /** What another process of this service publishes. */
  deliver: command({
    auth: "service",
    idempotent: true,
    input: z.object({ topic: z.string().max(100), bytes: Bytes, from: z.string().max(64) }),
    output: z.object({}),
  }),
};

export const live = service(
  "live",
  1,
  {
    create: command({
      http: "POST /api/v1/lives",
      auth: "user",
      summary: "Creates a live room; the answer has the stream key, which is not shown again.",
      input: z.object({ ...optional, title: Said(100) }),
      output: Live,
      errors: [PasswordMissing, UnknownCategory, TooManyWaiting, TooFarAhead, Muted, WordsRefused],
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
      errors: [LiveNotFound, PasswordNeeded],
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
        PasswordNeeded,
        LiveEnded,
        PasswordMissing,
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
      errors: [LiveNotFound, NotYourLive, PasswordNeeded],
    }),
    resetKey: command({
      http: "POST /api/v1/lives/:id/stream-key",
      auth: "user",
      summary:
        "Replaces the stream key; the former one is refused from then on, and a publisher that uses it is disconnected.",
      input: z.object({ id: Id }),
      output: z.object({ streamKey: z.string(), pushUrl: z.string() }),
      errors: [LiveNotFound, NotYourLive, PasswordNeeded, LiveEnded],
    }),
    start: command({
      http: "POST /api/v1/lives/:id/start",
      auth: "user",
      idempotent: true,
      summary: "Opens a live room of the caller to its viewers.",
      input: z.object({ id: Id }),
      output: Live,
      errors: [LiveNotFound, NotYourLive, PasswordNeeded, LiveEnded, Muted],
    }),
    end: command({
      http: "POST /api/v1/lives/:id/end",
      auth: "user",
      idempotent: true,
      summary: "Ends a live room of the caller.",
      input: z.object({ id: Id }),
      output: Live,
      errors: [LiveNotFound, NotYourLive, PasswordNeeded],
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
      summary:
        "The addresses of a live room for the caller; those of a room that is not open to all end with the token.",
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
    ...walletMethods,
    ...giftMethods,
    ...fanClubMethods,
    ...productMethods,
    ...roomMethods,
    ...mutes.methods,
    ...blocklist.methods,
  },
  { holdsUserData: true },
);

const fact = { liveId: Id, ownerId: Id, title: z.string() };
/** `version` grows with each change of the row. */
const state = {
  ...fact,
  description: z.string(),
  categoryId: Id.nullable(),
  status: Status,
  visibility: Visibility,
  version: z.int(),
};
export const liveCreated = event("live.created.v1", z.object(state));
export const liveUpdated = event("live.updated.v1", z.object(state));
export const liveStarted = event(
  "live.started.v1",
  z.object({ ...state, startedAtMs: Instant, notifiesFollowers: z.boolean() }),
);
export const liveEnded = event("live.ended.v1", z.object({ ...state, endedAtMs: Instant, durationMs: Duration }));
/** The recording of a room that has ended is a video. */
export const liveRecorded = event("live.recorded.v1", z.object({ liveId: Id, ownerId: Id, videoId: Id }));
export const liveDeleted = event("live.deleted.v1", z.object({ liveId: Id, ownerId: Id, version: z.int() }));

/** A gift was paid. `userId` is who gave it, also where it was given anonymously. */
export const giftSent = event(
  "live.gift_sent.v1",
  z.object({
    recordId: Id,
    liveId: Id,
    ownerId: Id,
    userId: Id,
    isAnonymous: z.boolean(),
    giftId: Id,
    quantity: z.int(),
    /** Coins. */
    totalValue: z.int(),
    comboCount: z.int(),
    atMs: Instant,
  }),
);
