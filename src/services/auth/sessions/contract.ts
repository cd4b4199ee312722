import { Role } from "#events/auth";
import { command, Id, Instant, query } from "#kernel";
import { BadToken } from "#policy/account";
import { z } from "zod";
import { Code } from "../factors/contract.ts";
import { PasskeyAnswer } from "../passkeys/contract.ts";
import {
  BadCode,
  BadPasskey,
  BadSignature,
  ChainUnavailable,
  NoProof,
  SessionNotFound,
  TooManyAttempts,
  WrongPassword,
} from "../failures.ts";
import { Scope } from "../personal-tokens/contract.ts";
import { SignedChallenge } from "../wallets/contract.ts";

/**
 * A way in which users prove who they are. `link`: the one-time link of the first administrator. `registration`: the
 * account was made at that moment.
 */
export const Proof = z.enum([
  "password",
  "totp",
  "passkey",
  "recovery_code",
  "wallet",
  "provider",
  "link",
  "registration",
]);
export type Proof = z.output<typeof Proof>;
/** A sign-in is fresh for so long. */
export const freshMs = 5 * 60_000;

/** The result of a sign-in. The access token is valid for 15 minutes; the refresh token once, within 30 days. */
export const Session = z
  .object({
    userId: Id,
    token: z.string(),
    refreshToken: z.string(),
    expiresAtMs: Instant,
    role: Role,
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

/** The compatible APIs: each has its own rules for registration, all share one account. */
export const Family = z.enum(["resumable", "cloudfiles", "douyin"]);
export type Family = z.infer<typeof Family>;
/** The API that opened a session: the native one, or a compatible one. `personal` is a token that its owner made. */
const Origin = z.enum(["native", ...Family.options, "personal"]);

/**
 * The result of a sign-in through a compatible API: one token that is not renewed. It ends with its session, after 30 days
 * at the latest. A signed token (`session+jwt`) for the resumable API, an opaque one for the others.
 */
export const LongSession = z.object({ userId: Id, username: z.string(), token: z.string(), expiresAtMs: Instant });
export type LongSession = z.infer<typeof LongSession>;

/** An open session of a user. */
export const OpenSession = z
  .object({
    id: z.string(),
    origin: Origin,
    /** The user agent of the client at sign-in. */
    agent: z.string(),
    isCurrent: z.boolean(),
    methods: z.array(Proof),
    /** It was opened from a device that had not been seen before. */
    isNewDevice: z.boolean(),
    createdAtMs: Instant,
    usedAtMs: Instant,
    expiresAtMs: Instant,
  })
  .meta({ id: "OpenSession" });

/** The one thing that an entry token is good for. */
export const EntryDirection = z.enum(["upload", "download"]);
export type EntryDirection = z.output<typeof EntryDirection>;
/** How long an entry token lives. */
export const entryLifeMs = 10 * 60_000;

export const sessionMethods = {
  refresh: command({
    http: "POST /api/v1/auth/refresh",
    auth: "public",
    rate: "login",
    summary:
      "Trades a refresh token for a new pair of tokens. A used one yields the same pair for 20 seconds; later it ends its session.",
    input: z.object({ refreshToken: z.string().min(1).max(2_000) }),
    output: Session,
    errors: [BadToken],
  }),
  logout: command({
    http: "POST /api/v1/users/logout",
    auth: "user",
    idempotent: true,
    summary: "Ends the session the token belongs to.",
    input: z.object({}),
    output: z.object({}),
  }),
  sessions: query({
    http: "GET /api/v1/auth/sessions",
    auth: "user",
    summary: "Lists the open sessions of the caller, the last used first.",
    input: z.object({}),
    output: z.object({ items: z.array(OpenSession) }),
  }),
  endSession: command({
    http: "DELETE /api/v1/auth/sessions/:id",
    auth: "user",
    idempotent: true,
    summary: "Ends a session of the caller; takes effect within seconds.",
    input: z.object({ id: z.string().min(1).max(64) }),
    output: z.object({}),
    errors: [SessionNotFound],
  }),
  endOthers: command({
    http: "DELETE /api/v1/auth/sessions",
    auth: "user",
    idempotent: true,
    summary: "Ends all other sessions of the caller.",
    input: z.object({}),
    output: z.object({ count: z.int() }),
  }),
  /**
   * The state of a session and its user. The gateway asks every few seconds while the session is used, which also
   * records its last use. A session with an opaque token (`sessionId` and `secret` in one) needs the secret.
   */
  session: query({
    auth: "service",
    input: z.object({
      sessionId: z.string().max(64),
      secret: z.string().max(64).optional(),
      /** A signed token of the session was verified, which needs no secret beside it. */
      isVerified: z.boolean().default(false),
      /** The caller needs to know whether the sign-in is fresh, and how it can be made so. */
      isFreshNeeded: z.boolean().default(false),
    }),
    output: z.object({
      alive: z.boolean(),
      userId: Id.optional(),
      role: Role.optional(),
      origin: Origin.optional(),
      isFresh: z.boolean().optional(),
      freshBy: z.array(Proof).optional(),
      /** The scopes of a personal token, or of a session that one opened; absent where there is no such bound. */
      scopes: z.array(Scope).optional(),
    }),
  }),
  /** A token of the caller's session for uploads or for downloads alone, by which another gateway knows the caller. */
  signEntry: query({
    auth: "service",
    input: z.object({ direction: EntryDirection }),
    output: z.object({ token: z.string(), expiresAtMs: Instant }),
  }),
  /** The state of a session whose token was verified before, of any kind: for long requests. */
  standing: query({
    auth: "service",
    input: z.object({ sessionId: z.string().max(64) }),
    /** `role`: that of the account now, where the session is open. */
    output: z.object({ alive: z.boolean(), role: Role.optional() }),
  }),
  /** As `standing`, of many: those of them that have ended. */
  endedSessions: query({
    auth: "service",
    input: z.object({ sessionIds: z.array(z.string().max(64)).max(1_000) }),
    output: z.object({ sessionIds: z.array(z.string()) }),
  }),
  confirm: command({
    http: "POST /api/v1/auth/fresh",
    auth: "user",
    rate: "login",
    summary: "Proves again who the caller is, for acts that need a fresh sign-in.",
    input: z.object({
      password: z.string().min(1).max(128).optional(),
      code: Code.optional(),
      passkey: PasskeyAnswer.optional(),
      ...SignedChallenge.partial().shape,
    }),
    output: z.object({ untilMs: Instant }),
    errors: [WrongPassword, BadCode, BadPasskey, BadSignature, ChainUnavailable, NoProof, TooManyAttempts],
  }),
  signOut: command({
    http: "POST /api/v1/auth/logout",
    auth: "user",
    idempotent: true,
    summary: "The same as `POST /api/v1/users/logout`.",
    input: z.object({}),
    output: z.object({}),
  }),
  /** Changes nothing, and is a `POST` as it is with other systems. */
  verify: command({
    http: "POST /api/v1/auth/verify",
    auth: "user",
    rate: "read",
    scope: "any",
    idempotent: true,
    summary: "Describes the token of the caller: its account, its end, and what the account proved at its sign-in.",
    input: z.object({}),
    output: z.object({
      valid: z.literal(true),
      userId: Id,
      username: z.string(),
      expiresAtMs: Instant,
      /** Null for a session, which may do whatever its account may; a list for a personal token. */
      scopes: z.array(z.string()).nullable(),
      methods: z.array(Proof),
      authenticatedAtMs: Instant,
      /** The wallet of the account that was linked first. */
      walletAddress: z.string().optional(),
    }),
  }),
};
