import { command, Id, Instant } from "#kernel";
import { z } from "zod";
import { Code } from "../factors/contract.ts";
import { BadCode, NoProof, TooManyAttempts, WrongPassword } from "../failures.ts";

/**
 * A way in which users prove who they are. `link`: the one-time link of the first administrator. `registration`: the
 * account was made at that moment.
 */
export const Proof = z.enum([
  "password",
  "totp",
  "passkey",
  "recovery_code",
  "wallet",
  "provider",
  "link",
  "registration",
]);
export type Proof = z.output<typeof Proof>;
/** A sign-in is fresh for so long. */
export const freshMs = 5 * 60_000;

export const sessionMethods = {
  confirm: command({
    http: "POST /api/v1/auth/fresh",
    auth: "user",
    rate: "login",
    summary: "Proves again who the caller is, for acts that need a fresh sign-in.",
    input: z.object({ password: z.string().min(1).max(128).optional(), code: Code.optional() }),
    output: z.object({ untilMs: Instant }),
    errors: [WrongPassword, BadCode, NoProof, TooManyAttempts],
  }),
  signOut: command({
    http: "POST /api/v1/auth/logout",
    auth: "user",
    idempotent: true,
    summary: "The same as `POST /api/v1/users/logout`.",
    input: z.object({}),
    output: z.object({}),
  }),
  /** Changes nothing, and is a `POST` as it is with other systems. */
  verify: command({
    http: "POST /api/v1/auth/verify",
    auth: "user",
    rate: "read",
    scope: "any",
    idempotent: true,
    summary: "Describes the token of the caller: its account, its end, and what the account proved at its sign-in.",
    input: z.object({}),
    output: z.object({
      valid: z.literal(true),
      userId: Id,
      username: z.string(),
      expiresAtMs: Instant,
      /** Null for a session, which may do whatever its account may; a list for a personal token. */
      scopes: z.array(z.string()).nullable(),
      methods: z.array(Proof),
      authenticatedAtMs: Instant,
    }),
  }),
};
