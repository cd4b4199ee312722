import { Role } from "#events/auth";
import { command, Id, Line, query } from "#kernel";
import { z } from "zod";
import {
  AwaitingApproval,
  BadInvitation,
  BadName,
  BadRegistration,
  DomainDenied,
  EmailMissing,
  EmailTaken,
  InvitationNeeded,
  MailOff,
  NameTaken,
  RegistrationClosed,
  TooManyAttempts,
  WeakPassword,
  WorkNeeded,
} from "../failures.ts";
import { InvitationCode } from "../invitations/contract.ts";
import { Family, LongSession, Session } from "../sessions/contract.ts";
import { Work } from "../work/contract.ts";

export const Registration = z.enum(["open", "approval", "invitation", "closed"]);
export const EmailRule = z.enum(["off", "optional", "required"]);

/** A domain of addresses in lower case, such as `example.org`; it stands for those below it too. */
const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}$/);
const Domains = z.array(Domain).max(10_000);

/** How people sign up. */
export const RegistrationRules = z
  .object({
    registration: Registration,
    /** The form asks for no e-mail address, takes one, or needs one that is then verified. */
    email: EmailRule,
    usersInvite: z.boolean(),
    /** The zero bits of the work that a client does for a sign-up; 0 for none. */
    workBits: z.int().min(0).max(22),
    /** The only domains of addresses; none for all but the denied. */
    domainsAllowed: Domains,
    domainsDenied: Domains,
  })
  .meta({ id: "RegistrationRules" });
export type RegistrationRules = z.output<typeof RegistrationRules>;

/** The rules to set; those that are left out stay. */
const RegistrationChanges = RegistrationRules.partial();
export type RegistrationChanges = z.output<typeof RegistrationChanges>;

/** The service folds spellings to one key; the limits here only bound the input. */
export const Username = z.string().trim().normalize("NFC").min(3).max(50);
export const Password = z.string().min(6).max(50);

export const registrationMethods = {
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
  /** Creates an account by the rules of a compatible API and signs in there. */
  registerFor: command({
    auth: "service",
    rate: "login",
    input: z.object({ family: Family, username: z.string().max(254), password: z.string().max(128) }),
    output: LongSession,
    errors: [NameTaken, BadRegistration, RegistrationClosed, AwaitingApproval],
  }),
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
  registration: query({
    http: "GET /api/v1/admin/registration",
    auth: "admin",
    summary: "Returns how people sign up.",
    input: z.object({}),
    output: RegistrationRules,
  }),
  setRegistration: command({
    http: "PUT /api/v1/admin/registration",
    auth: "admin",
    idempotent: true,
    summary:
      "Sets how people sign up, which overrides the configuration; fields that are left out stay. `email: required` needs a mail server.",
    input: RegistrationChanges,
    output: RegistrationRules,
    errors: [MailOff],
  }),
};
