import { Role } from "#events/auth";
import { BadToken } from "#policy/account";
import { command, service, Id, Instant, page, pageInput, query, Line } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { growth } from "#policy/growth";
import { z } from "zod";
import { alertMethods } from "./alerts/contract.ts";
import { Code, factorMethods } from "./factors/contract.ts";
import { addressMethods } from "./addresses/contract.ts";
import { InvitationCode, invitationMethods } from "./invitations/contract.ts";
import { personalTokenMethods, Scope } from "./personal-tokens/contract.ts";
import { EmailRule, Registration, registrationMethods } from "./registration/contract.ts";
import { Work, workMethods } from "./work/contract.ts";
import { Proof, sessionMethods } from "./sessions/contract.ts";
import {
  BadCredentials,
  NameTaken,
  EmailTaken,
  WeakPassword,
  BadName,
  RegistrationClosed,
  TooManyAttempts,
  BadRegistration,
  BadLink,
  WrongPassword,
  AwaitingApproval,
  Banned,
  BadVerification,
  EmailMissing,
  MailOff,
  BadReset,
  AccountNotFound,
  SessionNotFound,
  LastAdmin,
  WorkNeeded,
  InvitationNeeded,
  BadInvitation,
  DomainDenied,
  BadCode,
  NoProof,
  SecondFactorNeeded,
  TicketOver,
} from "./failures.ts";

export * from "./failures.ts";
export { Alert, AlertKind } from "./alerts/contract.ts";
export { partsOfToken, PersonalToken, Scope } from "./personal-tokens/contract.ts";
export { CheckedInvitation, Invitation } from "./invitations/contract.ts";
export { Registration, RegistrationRules } from "./registration/contract.ts";
export { freshMs, Proof } from "./sessions/contract.ts";

export const AccountState = z.enum(["active", "pending", "suspended", "banned"]);

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
const LongSession = z.object({ userId: Id, username: z.string(), token: z.string(), expiresAtMs: Instant });
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

/** An account as administrators and moderators see it. */
export const Account = z
  .object({
    id: Id,
    username: z.string(),
    email: z.string(),
    role: Role,
    state: AccountState,
    stateUntilMs: Instant.nullable(),
    stateReason: z.string(),
    /** The message of a user who asks for approval. */
    application: z.string(),
    createdAtMs: Instant,
    usedAtMs: Instant.nullable(),
  })
  .meta({ id: "Account" });

/** The deletion of an account, and which services have yet to confirm it. */
export const Deletion = z
  .object({
    userId: Id,
    begunAtMs: Instant,
    endedAtMs: Instant.nullable(),
    receipts: z.array(z.object({ service: z.string(), atMs: Instant })),
    missing: z.array(z.string()),
  })
  .meta({ id: "Deletion" });

/** The service folds spellings to one key; the limits here only bound the input. */
const Username = z.string().trim().normalize("NFC").min(3).max(50);
const Password = z.string().min(6).max(50);

const resetting = {
  auth: "public",
  rate: "login",
  input: z.object({ token: z.string().max(200), password: z.string().max(128) }),
  output: z.object({}),
  errors: [BadReset, WeakPassword],
} as const;

const MailLanguage = z.enum(["en", "zh"]);

/** The one thing that an entry token is good for. */
export const EntryDirection = z.enum(["upload", "download"]);
export type EntryDirection = z.output<typeof EntryDirection>;
/** How long an entry token lives. */
export const entryLifeMs = 10 * 60_000;

export const auth = service(
  "auth",
  1,
  {
    register: command({
      http: "POST /api/v1/users/register",
      auth: "public",
      rate: "login",
      summary: "Creates an account and signs in.",
      input: z.object({
        username: Username,
        password: Password,
        email: z.email().max(254).optional(),
        nickname: Line(50).min(1).optional(),
        phone: z.string().trim().max(32).optional(),
        /** The web form requires more: at least 8 characters, and no common password. */
        strict: z.boolean().default(false),
        /** A message to the moderators, where registration needs approval. */
        application: z.string().trim().max(1_000).default(""),
        /** The code of an invitation. */
        invitation: InvitationCode.optional(),
        /** The solution of a puzzle, where the instance asks for one. */
        work: Work.optional(),
      }),
      output: Session,
      errors: [
        NameTaken,
        EmailTaken,
        BadName,
        WeakPassword,
        RegistrationClosed,
        AwaitingApproval,
        TooManyAttempts,
        InvitationNeeded,
        BadInvitation,
        DomainDenied,
        EmailMissing,
        WorkNeeded,
      ],
    }),
    login: command({
      http: "POST /api/v1/users/login",
      auth: "public",
      rate: "login",
      summary: "Signs in with a user name or a verified e-mail address.",
      input: z.object({
        username: z.string().trim().normalize("NFC").min(1).max(254),
        password: z.string().min(1).max(128),
      }),
      output: Session,
      errors: [BadCredentials, SecondFactorNeeded, AwaitingApproval, Banned, TooManyAttempts],
    }),
    ...sessionMethods,
    ...addressMethods,
    ...alertMethods,
    ...personalTokenMethods,
    ...invitationMethods,
    ...registrationMethods,
    ...factorMethods,
    ...workMethods,
    secondFactor: command({
      http: "POST /api/v1/auth/second-factor",
      auth: "public",
      rate: "login",
      summary: "Takes the second step of a sign-in, with the ticket of the first; five tries within five minutes.",
      input: z.object({ ticket: z.string().max(200), code: Code.optional() }),
      output: Session,
      errors: [BadCode, TicketOver, NoProof, TooManyAttempts],
    }),
    /** Creates an account by the rules of a compatible API and signs in there. */
    registerFor: command({
      auth: "service",
      rate: "login",
      input: z.object({ family: Family, username: z.string().max(254), password: z.string().max(128) }),
      output: LongSession,
      errors: [NameTaken, BadRegistration, RegistrationClosed, AwaitingApproval],
    }),
    /** Signs any account in to a compatible API; attempts share the limit of `login`. */
    loginFor: command({
      auth: "service",
      rate: "login",
      input: z.object({
        family: Family,
        username: z.string().trim().normalize("NFC").max(254),
        password: z.string().max(128),
      }),
      output: LongSession,
      errors: [BadCredentials, AwaitingApproval, Banned, TooManyAttempts],
    }),
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
    changePassword: command({
      http: "POST /api/v1/auth/password",
      auth: "user",
      rate: "login",
      summary: "Changes the password of the caller and ends all other sessions.",
      input: z.object({ oldPassword: z.string().min(1).max(128), password: z.string().max(128) }),
      output: z.object({}),
      errors: [WrongPassword, WeakPassword, TooManyAttempts],
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
    resetPassword: command({
      http: "POST /api/v1/auth/password/reset",
      summary: "Sets a new password with a reset link, which is valid once and for an hour; ends all sessions.",
      ...resetting,
    }),
    reset: command({
      http: "POST /api/v1/auth/reset",
      summary: "The same as `POST /api/v1/auth/password/reset`, for clients that were written before it.",
      ...resetting,
    }),
    forgotPassword: command({
      http: "POST /api/v1/auth/password/forgot",
      auth: "public",
      rate: "login",
      summary:
        "Sends a link for a new password to a verified address; answers the same whether an account has the address or none.",
      input: z.object({ email: z.email().max(254) }),
      output: z.object({}),
      errors: [MailOff, TooManyAttempts],
    }),
    email: query({
      http: "GET /api/v1/auth/email",
      auth: "user",
      scope: "account:read",
      summary: "Returns the e-mail address of the caller, and whether it is verified.",
      input: z.object({}),
      output: z.object({ email: z.string(), isVerified: z.boolean() }),
    }),
    sendVerification: command({
      http: "POST /api/v1/auth/email/verification",
      auth: "user",
      rate: "login",
      summary: "Sends the link that verifies the address of the caller again; earlier links stop working.",
      input: z.object({}),
      output: z.object({}),
      errors: [EmailMissing, MailOff, TooManyAttempts],
    }),
    verifyEmail: command({
      http: "POST /api/v1/auth/email/verify",
      auth: "public",
      rate: "login",
      summary: "Verifies an e-mail address with the link that was sent to it, which is valid once and for two days.",
      input: z.object({ token: z.string().max(200) }),
      output: z.object({}),
      errors: [BadVerification],
    }),
    deleteAccount: command({
      http: "POST /api/v1/auth/delete-account",
      auth: "user",
      rate: "login",
      freshness: "required",
      summary: "Deletes the account of the caller permanently, with all its data.",
      input: z.object({ password: z.string().min(1).max(128) }),
      output: z.object({}),
      errors: [WrongPassword, LastAdmin, TooManyAttempts],
    }),

    accounts: query({
      http: "GET /api/v1/admin/accounts",
      auth: "moderator",
      summary: "Lists accounts, newest first; `q` matches parts of names and e-mail addresses.",
      input: z.object({
        q: z.string().trim().max(100).optional(),
        state: AccountState.optional(),
        role: Role.optional(),
        ...pageInput,
      }),
      output: page(Account),
    }),
    setRole: command({
      http: "PUT /api/v1/admin/accounts/:id/role",
      auth: "admin",
      idempotent: true,
      summary: "Sets the role of an account.",
      input: z.object({ id: Id, role: Role }),
      output: z.object({}),
      errors: [AccountNotFound, LastAdmin],
    }),
    admit: command({
      http: "POST /api/v1/admin/accounts/:id/admit",
      auth: "moderator",
      idempotent: true,
      summary: "Approves a pending account.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [AccountNotFound],
    }),
    resetLink: command({
      http: "POST /api/v1/admin/accounts/:id/reset-link",
      auth: "admin",
      summary: "Creates a link to set a new password: `/reset#<token>`, valid once and for an hour.",
      input: z.object({ id: Id }),
      output: z.object({ token: z.string(), expiresAtMs: Instant }),
      errors: [AccountNotFound],
    }),
    removeAccount: command({
      http: "DELETE /api/v1/admin/accounts/:id",
      auth: "admin",
      idempotent: true,
      summary: "Deletes an account permanently, with all its data.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [AccountNotFound, LastAdmin],
    }),
    deletions: query({
      http: "GET /api/v1/admin/deletions",
      auth: "admin",
      summary: "Lists deleted accounts, latest first, and which services have confirmed that nothing of them is left.",
      input: z.object({ ...pageInput }),
      output: page(Deletion),
    }),
    /** The public halves of the keys that sign access tokens, as JSON Web Keys. */
    keys: query({
      auth: "service",
      input: z.object({}),
      output: z.object({ items: z.array(z.object({ kid: z.string(), x: z.string() })) }),
    }),
    /**
     * The salt that client addresses are hashed with today, and how long it lasts. All callers get the same; it is deleted
     * after its day. It is never logged: its holder could search for the address of a source.
     */
    sourceSalt: command({
      auth: "service",
      idempotent: true,
      input: z.object({}),
      output: z.object({ salt: z.string(), endsInMs: z.int().nonnegative() }),
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
      output: z.object({ alive: z.boolean() }),
    }),
    /** As `standing`, of many: those of them that have ended. */
    endedSessions: query({
      auth: "service",
      input: z.object({ sessionIds: z.array(z.string().max(64)).max(1_000) }),
      output: z.object({ sessionIds: z.array(z.string()) }),
    }),
    /** The data of an account that its profile is made from. */
    account: query({
      auth: "service",
      input: z.object({ userId: Id.optional(), username: z.string().max(254).optional() }),
      output: z.object({
        found: z.boolean(),
        userId: Id.optional(),
        username: z.string().optional(),
        nickname: z.string().optional(),
        email: z.string().optional(),
        phone: z.string().optional(),
        role: Role.optional(),
        createdAtMs: Instant.optional(),
        /** The last use of any session, to some minutes. */
        activeAtMs: Instant.optional(),
      }),
    }),
    /** Adds an export of all data of an account by its user to the audit trail. */
    recordExport: command({
      auth: "service",
      input: z.object({ userId: Id, hasOriginals: z.boolean() }),
      output: z.object({}),
    }),
    /**
     * The users among these who get mails: they have a verified address, and there is a mail server. Deleted and banned
     * users are left out.
     */
    mailRecipients: query({
      auth: "service",
      input: z.object({ userIds: z.array(Id).max(200) }),
      output: z.object({
        items: z.array(z.object({ userId: Id, username: z.string(), language: MailLanguage, getsMails: z.boolean() })),
      }),
    }),
    /** Queues notification mails, each once per `id` while it is under way; the address is looked up when one is sent. */
    sendLetters: command({
      auth: "service",
      idempotent: true,
      input: z.object({
        letters: z
          .array(
            z.object({
              userId: Id,
              id: z.string().max(60),
              language: MailLanguage,
              subject: z.string().max(300),
              paragraphs: z.array(z.string().max(600)).max(40),
              action: z.object({ label: z.string().max(60), path: z.string().max(300) }),
              /** The token that ends these mails without a sign-in. */
              endToken: z.string().max(100),
            }),
          )
          .max(200),
      }),
      output: z.object({}),
    }),
    /** All accounts in batches, those after this id. For local copies. */
    growth,
    batch: query({
      auth: "service",
      input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(1_000).default(200) }),
      output: z.object({
        items: z.array(
          z.object({
            userId: Id,
            username: z.string(),
            role: Role,
            state: AccountState,
            stateUntilMs: Instant.nullable(),
          }),
        ),
      }),
    }),
    claim: command({
      http: "POST /api/v1/instance/first-run",
      auth: "public",
      rate: "login",
      summary: "Creates the first administrator, with the one-time link printed at start.",
      input: z.object({
        token: z.string().max(200),
        username: Username,
        password: Password,
        demo: z.boolean().default(false),
      }),
      output: Session,
      errors: [BadLink, NameTaken, BadName, WeakPassword],
    }),
    /**
     * The account facts that the instance service shows, such as the presence of an administrator and of demo content.
     */
    instance: query({
      auth: "service",
      input: z.object({}),
      output: z.object({
        firstRun: z.boolean(),
        registration: Registration,
        demo: z.boolean(),
        email: EmailRule,
        usersInvite: z.boolean(),
      }),
    }),
    addDemo: command({
      http: "POST /api/v1/instance/demo",
      auth: "admin",
      idempotent: true,
      summary:
        "Adds the demo content: drawn clips of several users, with comments and views. Does nothing where there was any before.",
      input: z.object({}),
      output: z.object({}),
    }),
    removeDemo: command({
      http: "DELETE /api/v1/instance/demo",
      auth: "admin",
      idempotent: true,
      summary: "Removes the demo content: its users with all their data.",
      input: z.object({}),
      output: z.object({}),
    }),
    /** The one-time link for the first administrator, the same at each start until there is one. */
    firstRunLink: command({
      auth: "service",
      input: z.object({}),
      output: z.object({ token: z.string().optional() }),
    }),
    /** The operator asked for demo content at start; does nothing where there was any before. */
    requestDemo: command({ auth: "service", idempotent: true, input: z.object({}), output: z.object({}) }),
    /** Creates an account for the process itself: the configured administrator, the demo's users. */
    ensure: command({
      auth: "service",
      idempotent: true,
      input: z.object({
        username: Username,
        password: z.string().min(6).max(128),
        nickname: z.string().max(50).optional(),
        role: Role.default("user"),
        /** Removed with the demo. */
        isDemo: z.boolean().default(false),
      }),
      output: z.object({ userId: Id }),
      errors: [BadName],
    }),
    /** Removes accounts with their sessions and publishes `user.deleted`. */
    remove: command({
      auth: "service",
      idempotent: true,
      input: z.object({ userIds: z.array(Id).max(100) }),
      output: z.object({}),
    }),
    ...blocklist.methods,
  },
  { scopes: { query: "none", command: "none" } },
);
