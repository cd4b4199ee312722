import { Id, command, query } from "#kernel";
import { z } from "zod";
import { AccountNotFound, AdmittedAlready, MailOff } from "../failures.ts";

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

export const registrationMethods = {
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
  reject: command({
    http: "POST /api/v1/admin/accounts/:id/reject",
    auth: "moderator",
    idempotent: true,
    summary: "Rejects a pending account, and deletes it with all its data. A message is mailed to its address.",
    input: z.object({ id: Id, message: z.string().trim().max(1_000).default("") }),
    output: z.object({}),
    errors: [AccountNotFound, AdmittedAlready],
  }),
};
