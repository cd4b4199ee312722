import { command, failure, Id, Instant, page, pageInput, query, Said } from "#kernel";
import { UserNotFound } from "#services/user/contract";
import { z } from "zod";

/* Coins: wallets and payouts. */

export const TooFewCoins = failure(
  "conflict",
  "live.too_few_coins",
  "you have too few coins for this",
  z.object({ balance: z.int() }),
  402,
);
/** Earnings from sign-up coins and bonuses are shown to their owner, and never paid out. */
export const GiftEarningsNotPayable = failure(
  "conflict",
  "live.gift_earnings_not_payable",
  "gifts that were given from free coins are not paid out",
  z.object({ payable: z.int(), giftEarnings: z.int() }),
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
    /** From gifts of coins that were bought or granted; they can be paid out. */
    earnings: z.int(),
    /** From gifts of coins that were for gifts alone, such as those of new accounts; they are never paid out. */
    giftEarnings: z.int(),
    /** Earnings that were asked to be paid out, and are not paid yet. */
    pendingPayouts: z.int(),
  })
  .meta({ id: "Wallet" });

/** A move of coins as the owner of one account sees it. */
export const StatementEntry = z
  .object({
    id: Id,
    account: z.enum(["gift_coins", "coins", "gift_earnings", "earnings"]),
    kind: z.enum([
      "sign_up",
      "bonus",
      "grant",
      "purchase",
      "correction",
      "gift",
      "platform_share",
      "payout",
      "access",
      "refund",
    ]),
    /** Coins: positive where they came, negative where they went. */
    amount: z.int(),
    /** Coins of that account afterwards. */
    balance: z.int(),
    /** The gift it is about, where it is about one. */
    liveId: Id.nullable(),
    giftId: Id.nullable(),
    /** The sender or receiver of the gift; null if it was sent anonymously. */
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
/** The sources of an account's earnings, until it asked for a payout. */
export const PayoutSources = z.object({
  /** Accounts whose gifts are payable. */
  giverCount: z.int(),
  /** When the oldest and the newest of them first had a wallet here; null where nobody gave. */
  oldestGiverAtMs: Instant.nullable(),
  newestGiverAtMs: Instant.nullable(),
  /** Coins that these accounts have bought, and those that they were granted, in all. */
  boughtCoins: z.int(),
  grantedCoins: z.int(),
  /** Payable coins from the account that gave most. */
  largestGiver: z.int(),
  /** The account's earnings from gifts of free coins; nothing of them is in the payout. */
  giftEarnings: z.int(),
});
export type PayoutSources = z.infer<typeof PayoutSources>;
/** With whose it is, for administrators; null where the account is deleted. */
export const UserPayout = Payout.extend({ userId: Id.nullable(), sources: PayoutSources }).meta({ id: "UserPayout" });
const coins = z.int().min(1).max(1_000_000_000);

export const walletMethods = {
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
    scope: "none",
    auth: "user",
    summary:
      "Asks for earnings to be paid out; they are set aside until an administrator decides. Earnings from free coins are not paid out.",
    input: z.object({ amount: coins }),
    output: Payout,
    errors: [TooFewCoins, GiftEarningsNotPayable],
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
    input: z.object({
      id: Id,
      amount: z.int().min(-1_000_000).max(1_000_000),
      /** `bought` and `granted` coins are payable once they are given; a `bonus` is for gifts, and never payable. */
      source: z.enum(["bought", "granted", "bonus"]).default("granted"),
      reason: Said(200),
    }),
    output: Wallet,
    errors: [UserNotFound, NoAmount, TooFewCoins],
  }),
};
