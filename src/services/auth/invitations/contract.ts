import { command, Id, Instant, Line, page, pageInput, query } from "#kernel";
import { z } from "zod";
import { InvitationNotFound, InvitingDenied } from "../failures.ts";

/** The fields of an invitation beside its code, which is shown once and stored nowhere. */
const Fields = z.object({
  id: Id,
  note: z.string(),
  /** The one address that it is for; empty where it is for any. */
  email: z.string(),
  uses: z.int(),
  used: z.int(),
  skipsApproval: z.boolean(),
  createdAtMs: Instant,
  expiresAtMs: Instant,
});

/** An invitation in a list: `userId` made it, and it made the accounts. */
export const Invitation = Fields.extend({ userId: Id, accountIds: z.array(Id) }).meta({ id: "Invitation" });
export type Invitation = z.output<typeof Invitation>;

/** The answer about a code; one that is spent, late or unknown has no inviter. */
export const CheckedInvitation = z
  .object({ valid: z.boolean(), instance: z.string(), note: z.string(), userId: Id.nullable() })
  .meta({ id: "CheckedInvitation" });

export const InvitationCode = z.string().max(64);

export const invitationMethods = {
  invite: command({
    http: "POST /api/v1/auth/invitations",
    auth: "user",
    rate: "login",
    scope: "none",
    summary:
      "Makes an invitation to sign up, whose code is shown this once. Moderators may, and everybody where users may invite; `skips_approval` is for moderators.",
    input: z.object({
      uses: z.int().min(1).max(100).default(1),
      expiresInDays: z.int().min(1).max(90).default(14),
      /** Nobody signs up with it but with this address. */
      email: z.email().max(254).optional(),
      /** The invited read it. */
      note: Line(200).default(""),
      skipsApproval: z.boolean().default(false),
    }),
    output: Fields.extend({ code: z.string(), url: z.string() }),
    errors: [InvitingDenied],
  }),
  invitations: query({
    http: "GET /api/v1/auth/invitations",
    auth: "user",
    rate: "login",
    scope: "none",
    summary:
      "Lists invitations that are open or were used, with the accounts that they made, the newest first: those of the caller, and all of them for moderators.",
    input: z.object({ ...pageInput }),
    output: page(Invitation),
  }),
  endInvitation: command({
    http: "DELETE /api/v1/auth/invitations/:id",
    auth: "user",
    rate: "login",
    scope: "none",
    idempotent: true,
    summary: "Ends an invitation of the caller, or any for moderators. The accounts that it made stay.",
    input: z.object({ id: Id }),
    output: z.object({}),
    errors: [InvitationNotFound],
  }),
  checkInvitation: command({
    http: "POST /api/v1/auth/invitations/check",
    auth: "public",
    rate: "login",
    scope: "none",
    idempotent: true,
    summary: "Says whether one can sign up with a code, and by whom it was made.",
    input: z.object({ code: InvitationCode }),
    output: CheckedInvitation,
  }),
};
