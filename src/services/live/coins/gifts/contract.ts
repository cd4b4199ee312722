import { command, failure, Id, Instant, page, pageInput, query } from "#kernel";
import { z } from "zod";
import { HostBlocked } from "../../room/rooms/contract.ts";
import { TooFewCoins } from "../ledger/contract.ts";
import { BannedFromRoom, LiveNotFound, NotLive, lockFailures } from "../../room/rooms/contract.ts";

/* Gifts. */

export const GiftNotFound = failure("not_found", "live.gift_not_found", "no such gift");
export const GiftToYourself = failure("invalid", "live.gift_to_yourself", "gifts are for others");
/** A kind of gift for live rooms. */
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
    /**
     * The giver; null where it was given anonymously, except for its sender and the moderators of the room, and where
     * the account is deleted.
     */
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
    /** As viewers see it: empty where it is none, or was held, refused or deleted. */
    message: z.string(),
    /** The outcome for the words: a rule of the room or a mute holds or refuses them, and the gift is given without. */
    messageStatus: z.enum(["sent", "held", "refused", "deleted"]),
    /** For its sender alone: the error code of the rule that refused the words. */
    messageReason: z.string().optional(),
    /** The number of its message in the room, by which the words can be deleted. */
    messageSeq: z.int().nullable(),
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

const seen = [LiveNotFound, ...lockFailures, BannedFromRoom] as const;

export const giftMethods = {
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
      "Gives the owner of a live room a gift; coins for gifts alone are spent first. Words that may not be written in the room are left out, and the gift is given. With an `Idempotency-Key` it is paid once, however often it is sent.",
    input: z.object({
      id: Id,
      giftId: Id,
      quantity: z.int().min(1).max(9_999).default(1),
      message: z.string().max(100).default(""),
      isAnonymous: z.boolean().default(false),
    }),
    output: GiftRecord,
    errors: [...seen, NotLive, GiftNotFound, GiftToYourself, HostBlocked, TooFewCoins],
  }),
  giftRecords: query({
    http: "GET /api/v1/lives/:id/gifts",
    auth: "public",
    summary: "The gifts of a live room, the newest first.",
    input: z.object({ id: Id, ...pageInput }),
    output: page(GiftRecord),
    errors: [...seen],
  }),
  givers: query({
    http: "GET /api/v1/lives/:id/rank",
    auth: "public",
    summary: "Those who gave most in a live room.",
    input: z.object({ id: Id, limit: z.int().min(1).max(100).default(20) }),
    output: z.object({ items: z.array(Giver) }),
    errors: [...seen],
  }),
};
