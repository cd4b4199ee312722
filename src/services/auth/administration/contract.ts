import { Role } from "#events/auth";
import { command, Id, Instant, page, pageInput, query } from "#kernel";
import { z } from "zod";
import { AccountNotFound, AdmittedAlready, LastAdmin } from "../failures.ts";

export const AccountState = z.enum(["active", "pending", "suspended", "banned"]);

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

export const administrationMethods = {
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
