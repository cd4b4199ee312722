import { command, Id, Instant, query } from "#kernel";
import { z } from "zod";
import { Passkey } from "../passkeys/contract.ts";
import { LinkedProvider } from "../providers/linked-provider.ts";
import { LinkedWallet } from "../wallets/contract.ts";
import { AccountNotFound, BadCode, FactorOff, FactorOn, TooManyAttempts } from "../failures.ts";

const ofOwner = { auth: "user", rate: "login", scope: "none" } as const;
const fresh = { ...ofOwner, freshness: "required" } as const;
/** Six digits of an authenticator app, or a recovery code. */
export const Code = z.string().trim().min(6).max(40);
/** Ten codes, each good once; shown at this moment alone. */
const codes = { recoveryCodes: z.array(z.string()) };

/** The ways in which an account can be signed in to. */
export const Factors = z
  .object({
    password: z.boolean(),
    /** Null for the password that the account was made with. */
    passwordChangedAtMs: Instant.nullable(),
    /** Null where no authenticator app is set up. */
    totp: z.object({ sinceMs: Instant }).nullable(),
    passkeys: z.array(Passkey),
    recoveryCodesLeft: z.int().nonnegative(),
    wallets: z.array(LinkedWallet),
    providers: z.array(LinkedProvider),
  })
  .meta({ id: "SignInFactors" });

export const factorMethods = {
  factors: query({
    http: "GET /api/v1/auth/factors",
    ...ofOwner,
    summary: "Lists the ways in which the caller can sign in.",
    input: z.object({}),
    output: Factors,
  }),
  addTotp: command({
    http: "POST /api/v1/auth/totp",
    ...fresh,
    summary:
      "Makes the secret for an authenticator app, which replaces one that was not confirmed; it does nothing yet.",
    input: z.object({}),
    output: z.object({ secret: z.string(), uri: z.string() }),
    errors: [FactorOn, AccountNotFound],
  }),
  confirmTotp: command({
    http: "POST /api/v1/auth/totp/confirm",
    ...fresh,
    summary:
      "Switches the authenticator app on with a code of it; returns recovery codes with the first second factor.",
    input: z.object({ code: Code }),
    output: z.object({ recoveryCodes: z.array(z.string()).optional() }),
    errors: [BadCode, FactorOff, TooManyAttempts],
  }),
  removeTotp: command({
    http: "DELETE /api/v1/auth/totp",
    ...fresh,
    idempotent: true,
    summary: "Switches the authenticator app off.",
    input: z.object({}),
    output: z.object({}),
  }),
  renewRecoveryCodes: command({
    http: "POST /api/v1/auth/recovery-codes",
    ...fresh,
    summary: "Makes ten new recovery codes; the earlier ones end.",
    input: z.object({}),
    output: z.object(codes),
    errors: [FactorOff],
  }),
  removeFactors: command({
    http: "DELETE /api/v1/admin/accounts/:id/factors",
    auth: "admin",
    rate: "login",
    freshness: "required",
    idempotent: true,
    summary: "Removes all second factors of an account whose owner has lost them; its owner is alerted.",
    input: z.object({ id: Id, reason: z.string().trim().min(1).max(500) }),
    output: z.object({}),
    errors: [AccountNotFound],
  }),
};
