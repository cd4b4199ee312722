import { Id, Instant, event } from "#kernel";
import { z } from "zod";

/**
 * Published by the service of accounts. Every service that stores something of users consumes it and publishes {@link
 * userErased}.
 */
export const userDeleted = event("user.deleted.v1", z.object({ userId: Id }));

/** A service has deleted what it had of a deleted account, save for bytes in their grace period. */
export const userErased = event("user.erased.v1", z.object({ userId: Id, service: z.string() }));

export const Role = z.enum(["user", "moderator", "admin"]);

export const userRegistered = event(
  "user.registered.v1",
  z.object({
    userId: Id,
    username: z.string(),
    nickname: z.string().optional(),
    email: z.string().optional(),
    phone: z.string().optional(),
    role: Role.optional(),
  }),
);

/** The role of an account changed. */
export const userRoleChanged = event("user.role_changed.v1", z.object({ userId: Id, role: Role, atMs: Instant }));

/** An act on an account that its owner should know of. */
export const accountAlerted = event(
  "account.alerted.v1",
  /** `name`: of the token that was made; empty for what has none. */
  z.object({
    userId: Id,
    alertId: Id,
    kind: z.string(),
    agent: z.string(),
    name: z.string().default(""),
    atMs: Instant,
  }),
);

/** An account has another e-mail address; empty for none. */
export const emailChanged = event("account.email_changed.v1", z.object({ userId: Id, email: z.string() }));

/** An administrator asked for demo content; published at most once for an instance. */
export const demoRequested = event("demo.requested.v1", z.object({ requestId: Id }));

/** A wallet was linked to an account. It is named by its number alone: most are not public. */
export const walletLinked = event("wallet.linked.v1", z.object({ userId: Id, walletId: Id, atMs: Instant }));

/** A wallet is no longer linked to an account, and opens nothing for it. */
export const walletUnlinked = event("wallet.unlinked.v1", z.object({ userId: Id, walletId: Id, atMs: Instant }));

/** A condition on what a wallet holds, as it is asked on a chain. */
const HoldingCondition = z.object({
  chainId: z.int(),
  contract: z.string(),
  standard: z.string(),
  tokenId: z.string().optional(),
  min: z.string(),
});
const HoldingState = z.enum(["held", "waiting_for_finality", "not_held"]);

/** A wallet of an account came to meet a condition that was asked recently, or ceased to. */
export const holdingsChanged = event(
  "holdings.changed.v1",
  z.object({ userId: Id, condition: HoldingCondition, state: HoldingState }),
);

/** An account asked whether it meets a condition, and the answer is another than the last one. */
export const nftVerified = event(
  "nft.verified.v1",
  z.object({ userId: Id, condition: HoldingCondition, state: HoldingState }),
);
