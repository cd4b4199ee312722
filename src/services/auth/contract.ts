import { command, service, event, failure, Id, Instant, page, pageInput, query, type Tx } from "#kernel";
import { isDeletedUser } from "#policy/deleted-users";
import { blocklist } from "#policy/blocklist";
import { z } from "zod";

export const BadCredentials = failure("unauthenticated", "auth.bad_credentials", "the name or the password is wrong");
export const BadToken = failure("unauthenticated", "auth.bad_token", "this token is not valid, sign in again");
export const NameTaken = failure("conflict", "auth.name_taken", "this name is taken");
export const EmailTaken = failure("conflict", "auth.email_taken", "this e-mail address is in use");
export const WeakPassword = failure("invalid", "auth.weak_password", "this password is too easy to guess");
export const BadName = failure(
  "invalid",
  "auth.bad_name",
  "a name has 3 to 50 letters, digits or underscores, with dots or dashes between",
);
export const RegistrationClosed = failure("denied", "auth.registration_closed", "this instance takes no new accounts");
export const TooManyAttempts = failure(
  "exhausted",
  "auth.too_many_attempts",
  "too many attempts, wait a little",
  z.object({ retryAfterMs: z.int().nonnegative() }),
);
export const BadRegistration = failure(
  "invalid",
  "auth.bad_registration",
  "this name or this password is not one that can be registered here",
  z.object({ field: z.enum(["username", "password"]) }),
);
export const BadLink = failure("denied", "auth.bad_link", "this link was used or is not the one printed at start");

export const WrongPassword = failure("invalid", "auth.wrong_password", "this is not your password");
export const AwaitingApproval = failure(
  "denied",
  "auth.awaiting_approval",
  "this account waits until somebody who runs this instance lets it in",
);
export const Barred = failure(
  "denied",
  "auth.barred",
  "this account is closed",
  z.object({ untilMs: Instant.optional(), reason: z.string().optional() }),
);
export const BadReset = failure("denied", "auth.bad_reset", "this link was used, is too old or is not one of ours");
export const AccountNotFound = failure("not_found", "auth.account_not_found", "no such account");
export const SessionNotFound = failure("not_found", "auth.session_not_found", "no such session of yours");
export const AdmittedAlready = failure(
  "conflict",
  "auth.admitted_already",
  "this account was let in, so it cannot be turned down",
);
export const LastAdmin = failure("conflict", "auth.last_admin", "somebody has to administer this instance");

export const Registration = z.enum(["open", "approval", "closed"]);
export const AccountState = z.enum(["active", "pending", "suspended", "banned"]);

export const Role = z.enum(["user", "moderator", "admin"]);

/** What a sign-in gives. The access token lives 15 minutes; the refresh token is good once, and 30 days. */
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

/** The compatible APIs: each has rules of its own for registering, all share one account. */
export const Family = z.enum(["resumable", "cloudfiles", "douyin"]);
export type Family = z.infer<typeof Family>;
/** What a session was opened by: the native API, or one of the compatible ones. */
const Origin = z.enum(["native", ...Family.options]);

/**
 * What a sign-in through a compatible API gives: one token that is not renewed. It ends with its session, after 30 days at
 * the latest. A signed token (`session+jwt`) for the resumable API, an opaque one for the others.
 */
const LongSession = z.object({ userId: Id, username: z.string(), token: z.string(), expiresAtMs: Instant });
export type LongSession = z.infer<typeof LongSession>;

/** The state of the instance's accounts; its name and limits are added at the edge. */
export const Instance = z
  .object({
    /** Nobody administers it yet: the link printed at start opens the first-run page. */
    firstRun: z.boolean(),
    /** With `approval` a new account waits until a moderator lets it in. */
    registration: Registration,
    /** Demo content is there. */
    demo: z.boolean(),
  })
  .meta({ id: "Instance" });

/** Where somebody is signed in. */
export const OpenSession = z
  .object({
    id: z.string(),
    origin: Origin,
    /** What the client said it is when it signed in. */
    agent: z.string(),
    isCurrent: z.boolean(),
    createdAtMs: Instant,
    usedAtMs: Instant,
    expiresAtMs: Instant,
  })
  .meta({ id: "OpenSession" });

/** An account as those see it who run the instance. */
export const Account = z
  .object({
    id: Id,
    username: z.string(),
    email: z.string(),
    role: Role,
    state: AccountState,
    stateUntilMs: Instant.nullable(),
    stateReason: z.string(),
    /** What somebody wrote who asked to be let in. */
    application: z.string(),
    createdAtMs: Instant,
    usedAtMs: Instant.nullable(),
  })
  .meta({ id: "Account" });

/** An account that is being deleted: which services still hold something of it. */
export const Deletion = z
  .object({
    userId: Id,
    begunAtMs: Instant,
    endedAtMs: Instant.nullable(),
    receipts: z.array(z.object({ service: z.string(), atMs: Instant })),
    missing: z.array(z.string()),
  })
  .meta({ id: "Deletion" });

/** Spellings are folded to one key by the service; the limits here only bound what a stranger can send. */
const Username = z.string().trim().normalize("NFC").min(3).max(50);
const Password = z.string().min(6).max(50);

export const auth = service("auth", 1, {
  register: command({
    http: "POST /api/v1/users/register",
    auth: "public",
    rate: "login",
    summary: "Makes an account and signs it in.",
    input: z.object({
      username: Username,
      password: Password,
      email: z.email().max(254).optional(),
      nickname: z.string().trim().normalize("NFC").min(1).max(50).optional(),
      phone: z.string().trim().max(32).optional(),
      /** The web form asks for more: at least 8 characters, and none of the common ones. */
      strict: z.boolean().default(false),
      /** Why somebody wants to join, where accounts are let in one by one. */
      application: z.string().trim().max(1_000).default(""),
    }),
    output: Session,
    errors: [NameTaken, EmailTaken, BadName, WeakPassword, RegistrationClosed, AwaitingApproval, TooManyAttempts],
  }),
  login: command({
    http: "POST /api/v1/users/login",
    auth: "public",
    rate: "login",
    summary: "Signs in with a user name or an e-mail address.",
    input: z.object({
      username: z.string().trim().normalize("NFC").min(1).max(254),
      password: z.string().min(1).max(128),
    }),
    output: Session,
    errors: [BadCredentials, AwaitingApproval, Barred, TooManyAttempts],
  }),
  /** Makes an account by the rules of a compatible API and signs it in there. */
  registerFor: command({
    auth: "service",
    rate: "login",
    input: z.object({ family: Family, username: z.string().max(254), password: z.string().max(128) }),
    output: LongSession,
    errors: [NameTaken, BadRegistration, RegistrationClosed, AwaitingApproval],
  }),
  /** Signs any account in to a compatible API; guesses count together with those of `login`. */
  loginFor: command({
    auth: "service",
    rate: "login",
    input: z.object({
      family: Family,
      username: z.string().trim().normalize("NFC").max(254),
      password: z.string().max(128),
    }),
    output: LongSession,
    errors: [BadCredentials, AwaitingApproval, Barred, TooManyAttempts],
  }),
  refresh: command({
    http: "POST /api/v1/auth/refresh",
    auth: "public",
    rate: "login",
    summary: "Trades a refresh token for a new pair; using one twice ends the whole family.",
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
    summary: "Changes one's password and ends one's other sessions.",
    input: z.object({ oldPassword: z.string().min(1).max(128), password: z.string().max(128) }),
    output: z.object({}),
    errors: [WrongPassword, WeakPassword, TooManyAttempts],
  }),
  sessions: query({
    http: "GET /api/v1/auth/sessions",
    auth: "user",
    summary: "Where one is signed in, the last used first.",
    input: z.object({}),
    output: z.object({ items: z.array(OpenSession) }),
  }),
  endSession: command({
    http: "DELETE /api/v1/auth/sessions/:id",
    auth: "user",
    idempotent: true,
    summary: "Signs one out somewhere else; takes effect within seconds.",
    input: z.object({ id: z.string().min(1).max(64) }),
    output: z.object({}),
    errors: [SessionNotFound],
  }),
  endOthers: command({
    http: "DELETE /api/v1/auth/sessions",
    auth: "user",
    idempotent: true,
    summary: "Signs one out everywhere else.",
    input: z.object({}),
    output: z.object({ count: z.int() }),
  }),
  reset: command({
    http: "POST /api/v1/auth/reset",
    auth: "public",
    rate: "login",
    summary:
      "Sets a new password with the link an operator gave, which is good for an hour and once; ends all sessions.",
    input: z.object({ token: z.string().max(200), password: z.string().max(128) }),
    output: z.object({}),
    errors: [BadReset, WeakPassword],
  }),
  deleteAccount: command({
    http: "POST /api/v1/auth/delete-account",
    auth: "user",
    rate: "login",
    summary: "Deletes one's account and everything of it, for good.",
    input: z.object({ password: z.string().min(1).max(128) }),
    output: z.object({}),
    errors: [WrongPassword, LastAdmin, TooManyAttempts],
  }),

  accounts: query({
    http: "GET /api/v1/admin/accounts",
    auth: "moderator",
    summary: "Accounts, newest first; `q` finds parts of names and addresses.",
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
    summary: "Makes somebody a moderator, an administrator, or neither.",
    input: z.object({ id: Id, role: Role }),
    output: z.object({}),
    errors: [AccountNotFound, LastAdmin],
  }),
  admit: command({
    http: "POST /api/v1/admin/accounts/:id/admit",
    auth: "moderator",
    idempotent: true,
    summary: "Lets somebody in who asked to join.",
    input: z.object({ id: Id }),
    output: z.object({}),
    errors: [AccountNotFound],
  }),
  reject: command({
    http: "POST /api/v1/admin/accounts/:id/reject",
    auth: "moderator",
    idempotent: true,
    summary: "Turns down somebody who asked to join and was not let in: the account goes, with everything of it.",
    input: z.object({ id: Id }),
    output: z.object({}),
    errors: [AccountNotFound, AdmittedAlready],
  }),
  resetLink: command({
    http: "POST /api/v1/admin/accounts/:id/reset-link",
    auth: "admin",
    summary: "Makes a link by which somebody sets a new password: `/reset#<token>`, once, within an hour.",
    input: z.object({ id: Id }),
    output: z.object({ token: z.string(), expiresAtMs: Instant }),
    errors: [AccountNotFound],
  }),
  removeAccount: command({
    http: "DELETE /api/v1/admin/accounts/:id",
    auth: "admin",
    idempotent: true,
    summary: "Deletes somebody's account and everything of it, for good.",
    input: z.object({ id: Id }),
    output: z.object({}),
    errors: [AccountNotFound, LastAdmin],
  }),
  deletions: query({
    http: "GET /api/v1/admin/deletions",
    auth: "admin",
    summary: "Accounts that were deleted, latest first, and which services have told that nothing of them is left.",
    input: z.object({ ...pageInput }),
    output: page(Deletion),
  }),
  setRegistration: command({
    http: "PUT /api/v1/admin/registration",
    auth: "admin",
    idempotent: true,
    summary: "Says who may join; overrules the configuration.",
    input: z.object({ registration: Registration }),
    output: z.object({ registration: Registration }),
  }),

  /** The public halves of the keys that sign access tokens, as JSON Web Keys. */
  keys: query({
    auth: "service",
    input: z.object({}),
    output: z.object({ items: z.array(z.object({ kid: z.string(), x: z.string() })) }),
  }),
  /**
   * What the addresses of this day are hashed with, and how long it lasts: the same for all who ask, made by the first. No
   * other day's is kept. Never logged, for whoever has it can look for the address of a source.
   */
  sourceSalt: command({
    auth: "service",
    idempotent: true,
    input: z.object({}),
    output: z.object({ salt: z.string(), endsInMs: z.int().nonnegative() }),
  }),
  /**
   * Whether a session still stands; asked by the gateway at most every few seconds, which is how its last use is known. One
   * that is held by an opaque token (`sessionId` and `secret` in one) stands for nobody without the secret.
   */
  session: query({
    auth: "service",
    input: z.object({ sessionId: z.string().max(64), secret: z.string().max(64).optional() }),
    output: z.object({
      alive: z.boolean(),
      userId: Id.optional(),
      role: Role.optional(),
      origin: Origin.optional(),
    }),
  }),
  /** Whether a session stands whose token was looked at before, of whichever kind that is: for what goes on for long. */
  standing: query({
    auth: "service",
    input: z.object({ sessionId: z.string().max(64) }),
    output: z.object({ alive: z.boolean() }),
  }),
  /** What the account knows of its owner, for the profile that is made from it. */
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
      /** The last use of any session that is still remembered, to some minutes. */
      activeAtMs: Instant.optional(),
    }),
  }),
  /** Everybody, in batches: those after this id. For copies of the account. */
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
  /** The first administrator, made through the link printed at start. */
  claim: command({
    http: "POST /api/v1/instance/first-run",
    auth: "public",
    rate: "login",
    summary: "Makes the administrator with the one-time link printed at start.",
    input: z.object({
      token: z.string().max(200),
      username: Username,
      password: Password,
      demo: z.boolean().default(false),
    }),
    output: Session,
    errors: [BadLink, NameTaken, BadName, WeakPassword],
  }),
  instance: query({
    http: "GET /api/v1/instance",
    auth: "public",
    summary: "What a visitor needs to know of this instance.",
    input: z.object({}),
    output: Instance,
  }),
  removeDemo: command({
    http: "DELETE /api/v1/instance/demo",
    auth: "admin",
    idempotent: true,
    summary: "Removes the demo's users and everything of theirs.",
    input: z.object({}),
    output: z.object({}),
  }),
  /** A new one-time link for the first administrator, while there is none; earlier links stop working. */
  firstRunLink: command({
    auth: "service",
    input: z.object({}),
    output: z.object({ token: z.string().optional() }),
  }),
  /** The operator asked for demo content at start; does nothing where there was any before. */
  requestDemo: command({ auth: "service", idempotent: true, input: z.object({}), output: z.object({}) }),
  /** Makes an account for the process itself: the configured administrator, the demo's users. */
  ensure: command({
    auth: "service",
    idempotent: true,
    input: z.object({
      username: Username,
      password: z.string().min(6).max(128),
      nickname: z.string().max(50).optional(),
      role: Role.default("user"),
      /** Goes when the demo is removed. */
      isDemo: z.boolean().default(false),
    }),
    output: z.object({ userId: Id }),
    errors: [BadName],
  }),
  /** Removes accounts and ends their sessions; everybody else hears `user.deleted`. */
  remove: command({
    auth: "service",
    idempotent: true,
    input: z.object({ userIds: z.array(Id).max(100) }),
    output: z.object({}),
  }),
  ...blocklist.methods,
});

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
/** Somebody's role is another now. */
export const userRoleChanged = event("user.role_changed.v1", z.object({ userId: Id, role: Role, atMs: Instant }));
/**
 * Comes first in a transaction that writes down something of this person's: from then to its end they are not forgotten.
 * For services that have the table of who is gone. @throws BadToken where they are, whatever their token was good for
 */
export async function mustBeThere<T>(tx: Tx<T>, userId: Id): Promise<void> {
  if (await isDeletedUser(tx, userId)) throw BadToken({});
}
/** Demo content is wanted: told once in the life of an instance. */
export const demoRequested = event("demo.requested.v1", z.object({ requestId: Id }));
