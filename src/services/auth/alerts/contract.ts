import { Id, Instant, page, pageInput, query } from "#kernel";
import { z } from "zod";

export const AlertKind = z.enum([
  "new_device",
  "factor_changed",
  "email_changed",
  "token_made",
  "wallet_linked",
  "recovery_used",
  "passkey_copied",
  "reset",
]);
export type AlertKind = z.output<typeof AlertKind>;

/** An act on an account that its owner should know of. */
export const Alert = z
  .object({
    id: Id,
    kind: AlertKind,
    atMs: Instant,
    /** The user agent of the client. */
    agent: z.string(),
    /** The name of the token that was made; empty for what has none. */
    name: z.string(),
    /** The session that began with the act, or that it was done in; null where there is none. */
    sessionId: z.string().nullable(),
  })
  .meta({ id: "SecurityAlert" });

export const alertMethods = {
  alerts: query({
    http: "GET /api/v1/auth/alerts",
    auth: "user",
    rate: "login",
    summary: "Lists the acts on the account of the caller that need attention, newest first; of the last 90 days.",
    input: z.object({ ...pageInput }),
    output: page(Alert),
  }),
};
