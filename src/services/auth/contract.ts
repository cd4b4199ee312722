import { Role } from "#events/auth";
import { command, service, Id, Instant, query } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { growth } from "#policy/growth";
import { z } from "zod";
import { addressMethods } from "./addresses/contract.ts";
import { AccountState, administrationMethods } from "./administration/contract.ts";
import { alertMethods } from "./alerts/contract.ts";
import { Code, factorMethods } from "./factors/contract.ts";
import { chainMethods } from "./chains/contract.ts";
import {
  AwaitingApproval,
  BadCode,
  BadCredentials,
  BadLink,
  BadName,
  Banned,
  LastAdmin,
  NameTaken,
  NoProof,
  SecondFactorNeeded,
  TicketOver,
  BadPasskey,
  NoPasskeysHere,
  TooManyAttempts,
  WeakPassword,
  WrongPassword,
} from "./failures.ts";
import { oidcMethods } from "./oidc/contract.ts";
import { holdingMethods } from "./holdings/contract.ts";
import { invitationMethods } from "./invitations/contract.ts";
import { passwordMethods } from "./passwords/contract.ts";
import { PasskeyAnswer, passkeyMethods } from "./passkeys/contract.ts";
import { personalTokenMethods } from "./personal-tokens/contract.ts";
import { EmailRule, Password, Registration, registrationMethods, Username } from "./registration/contract.ts";
import { Family, LongSession, Session, sessionMethods } from "./sessions/contract.ts";
import { walletLoginMethods } from "./wallet-login/contract.ts";
import { walletMethods } from "./wallets/contract.ts";
import { workMethods } from "./work/contract.ts";

export * from "./failures.ts";
export { Account, AccountState, Deletion } from "./administration/contract.ts";
export { Alert, AlertKind } from "./alerts/contract.ts";
export { Passkey } from "./passkeys/contract.ts";
export { partsOfToken, PersonalToken, Scope } from "./personal-tokens/contract.ts";
export { CheckedInvitation, Invitation } from "./invitations/contract.ts";
export { EmailRule, Registration, RegistrationRules } from "./registration/contract.ts";
export { ProviderProblem } from "./oidc/contract.ts";
export { LinkedWallet } from "./wallets/contract.ts";
export { WalletLogin } from "./wallet-login/contract.ts";
export {
  EntryDirection,
  entryLifeMs,
  Family,
  freshMs,
  LongSession,
  OpenSession,
  Proof,
  Session,
} from "./sessions/contract.ts";

const MailLanguage = z.enum(["en", "zh"]);

export const auth = service(
  "auth",
  1,
  {
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
    ...passwordMethods,
    ...addressMethods,
    ...alertMethods,
    ...personalTokenMethods,
    ...invitationMethods,
    ...registrationMethods,
    ...administrationMethods,
    ...factorMethods,
    ...passkeyMethods,
    ...workMethods,
    ...chainMethods,
    ...holdingMethods,
    ...walletMethods,
    ...walletLoginMethods,
    ...oidcMethods,
    secondFactor: command({
      http: "POST /api/v1/auth/second-factor",
      auth: "public",
      rate: "login",
      summary: "Takes the second step of a sign-in, with the ticket of the first; five tries within five minutes.",
      input: z.object({ ticket: z.string().max(200), code: Code.optional(), passkey: PasskeyAnswer.optional() }),
      output: Session,
      errors: [BadCode, TicketOver, NoProof, NoPasskeysHere, TooManyAttempts],
    }),
    loginByPasskey: command({
      http: "POST /api/v1/auth/passkeys/login",
      auth: "public",
      rate: "login",
      summary: "Signs in with a passkey that verified its user, without a name and a second step.",
      input: PasskeyAnswer,
      output: Session,
      errors: [BadPasskey, NoPasskeysHere, AwaitingApproval, Banned],
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
    deleteAccount: command({
      http: "POST /api/v1/auth/delete-account",
      auth: "user",
      rate: "login",
      freshness: "required",
      summary:
        "Deletes the account of the caller permanently, with all its data. `password` is needed where the account has one.",
      input: z.object({ password: z.string().min(1).max(128).optional() }),
      output: z.object({}),
      errors: [WrongPassword, LastAdmin, TooManyAttempts],
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
