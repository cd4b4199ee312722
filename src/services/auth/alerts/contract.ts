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

/** An act on an account that its owner should know of. `agent`: the user agent of the client. */
export const Alert = z
  .object({ id: Id, kind: AlertKind, atMs: Instant, agent: z.string() })
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
