import { command, failure, Id, Instant, page, pageInput, query } from "#kernel";
import { Gate, GateKind, Teaser, TermView } from "#policy/gates/fields";
import { ChainUnavailable, RefundOver, TooManyChecks } from "#policy/gates/failures";
import { TooFewCoins } from "#services/live/contract";
import { UserBrief } from "#services/user/contract";
import { z } from "zod";

/* Gates: the terms that open a thing, and how viewers meet them. */

export const GateNotFound = failure("not_found", "gate.not_found", "there is no such thing");
export const NotYourGate = failure("denied", "gate.not_yours", "only the owner of a thing decides who opens it");
/** One answer for a code that is spent, late or unknown. */
export const BadGateInvitation = failure("invalid", "auth.bad_invitation", "this invitation was used or has expired");
export const TooManyInvited = failure("conflict", "gate.too_many_invited", "a thing has 10,000 invited people at most");
export const NobodyToInvite = failure("invalid", "gate.nobody_to_invite", "name people, or ask for a link");
export const NotForSale = failure("conflict", "gate.not_for_sale", "this is not opened by coins");
export const PriceChanged = failure(
  "conflict",
  "gate.price_changed",
  "the price has changed",
  z.object({ shown: z.object({ price: z.int() }) }),
);
const thing = { kind: GateKind, id: Id };
const GateView = z
  .object({
    open: z.boolean(),
    /** Null where the thing has no gate. */
    gate: Gate.nullable(),
    terms: z.array(TermView),
    teaser: Teaser,
    /** The owner of the thing, whom viewers follow and whose fan club they join. */
    ownerId: Id,
    /** Empty where the caller may not read it yet. */
    title: z.string(),
  })
  .meta({ id: "GateView" });
export type GateView = z.output<typeof GateView>;

export const gateMethods = {
  gate: query({
    http: "GET /api/v1/gates/:kind/:id",
    auth: "public",
    summary: "The terms that open a thing, and how the caller stands before each of them.",
    input: z.object(thing),
    output: GateView,
    errors: [GateNotFound],
  }),
  checkGate: command({
    http: "POST /api/v1/gates/:kind/:id/check",
    auth: "user",
    idempotent: true,
    summary: "As the gate itself, asked anew: also of chains, once in five seconds.",
    input: z.object(thing),
    output: GateView,
    errors: [GateNotFound, TooManyChecks, ChainUnavailable],
  }),
  gateInvited: query({
    http: "GET /api/v1/gates/:kind/:id/invited",
    auth: "user",
    summary: "The people whom the caller invited to their thing, the latest first.",
    input: z.object({ ...thing, ...pageInput }),
    output: page(UserBrief),
    errors: [GateNotFound, NotYourGate],
  }),
  inviteToGate: command({
    http: "POST /api/v1/gates/:kind/:id/invited",
    auth: "user",
    summary:
      "Invites people to the caller's thing, by id or user name, or makes a link that invites the accounts that use it.",
    input: z.object({
      ...thing,
      userIds: z.array(Id).max(100).default([]),
      usernames: z.array(z.string().min(1).max(50)).max(100).default([]),
      link: z
        .object({ uses: z.int().min(1).max(1_000).default(1), expires_in_days: z.int().min(1).max(90).default(14) })
        .optional(),
    }),
    output: z.object({
      added: z.int(),
      /** The code is in this answer alone. */
      link: z.object({ code: z.string(), uses: z.int(), expiresAtMs: Instant }).optional(),
    }),
    errors: [GateNotFound, NotYourGate, NobodyToInvite, TooManyInvited],
  }),
  uninvite: command({
    http: "DELETE /api/v1/gates/:kind/:id/invited/:user_id",
    auth: "user",
    idempotent: true,
    summary: "Takes an invitation back; the thing closes for that person within seconds.",
    input: z.object({ ...thing, userId: Id }),
    output: z.object({}),
    errors: [GateNotFound, NotYourGate],
  }),
  redeemGateLink: command({
    http: "POST /api/v1/gates/:kind/:id/invited/redeem",
    auth: "user",
    rate: "login",
    summary: "Uses an invitation link: the caller is invited from then on.",
    input: z.object({ ...thing, code: z.string().max(100) }),
    output: GateView,
    errors: [GateNotFound, BadGateInvitation],
  }),
  buyGate: command({
    http: "POST /api/v1/gates/:kind/:id/buy",
    auth: "user",
    idempotent: true,
    summary: "Pays the coins that open a thing; an account that has paid pays nothing again.",
    input: z.object({ ...thing, price: z.int().min(1).max(1_000_000) }),
    output: z.object({ balance: z.int(), untilMs: Instant.nullable() }),
    errors: [GateNotFound, NotForSale, PriceChanged, TooFewCoins],
  }),
  refundGate: command({
    http: "POST /api/v1/gates/:kind/:id/refund",
    auth: "user",
    idempotent: true,
    summary: "Gives the coins back that the caller paid within 24 hours for a thing they have hardly watched.",
    input: z.object(thing),
    output: z.object({ balance: z.int() }),
    errors: [GateNotFound, RefundOver],
  }),
  gateAudit: query({
    http: "GET /api/v1/gates/:kind/:id/audit",
    auth: "user",
    summary: "The users who opened the caller's thing, by which terms and when, the latest first.",
    input: z.object({ ...thing, ...pageInput }),
    output: page(z.object({ userId: Id, term: z.string(), atMs: Instant }).meta({ id: "GateOpening" })),
    errors: [GateNotFound, NotYourGate],
  }),
};
