import { command, Instant, Line, query } from "#kernel";
import { scopes } from "#kernel/scopes/scopes";
import { z } from "zod";
import { ScopeTooWide, TokenNotFound, TooManyTokens } from "../failures.ts";

export const Scope = z.enum(scopes);
/** The first letters of every personal token, by which people and scanners of secrets know it. */
export const tokenPrefix = "kpt_";

/** A token by which a program does what its scopes say for its owner. */
export const PersonalToken = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(Scope),
    /** The first letters of the token, by which its owner knows it. */
    prefix: z.string(),
    createdAtMs: Instant,
    /** To some minutes; null before the first use. */
    usedAtMs: Instant.nullable(),
    /** Null where it has no end. */
    expiresAtMs: Instant.nullable(),
  })
  .meta({ id: "PersonalToken" });
export type PersonalToken = z.output<typeof PersonalToken>;

const name = Line(60).min(1);
const ofOwner = { auth: "user", rate: "login", scope: "none" } as const;

export const personalTokenMethods = {
  personalTokens: query({
    http: "GET /api/v1/auth/tokens",
    ...ofOwner,
    summary: "Lists the personal tokens of the caller, the newest first.",
    input: z.object({}),
    output: z.object({ items: z.array(PersonalToken) }),
  }),
  makeToken: command({
    http: "POST /api/v1/auth/tokens",
    ...ofOwner,
    freshness: "required",
    summary:
      "Makes a personal token, which is shown this once. It ends after `expires_in_days` (90); null is for instances that allow tokens without end.",
    input: z.object({
      name,
      scopes: z.array(Scope).min(1).max(20),
      expiresInDays: z.int().min(1).max(365).nullable().default(90),
    }),
    output: PersonalToken.extend({ token: z.string() }),
    errors: [ScopeTooWide, TooManyTokens],
  }),
  renameToken: command({
    http: "PUT /api/v1/auth/tokens/:id",
    ...ofOwner,
    idempotent: true,
    summary: "Changes the name of a personal token of the caller.",
    input: z.object({ id: z.string().min(1).max(64), name }),
    output: PersonalToken,
    errors: [TokenNotFound],
  }),
  endToken: command({
    http: "DELETE /api/v1/auth/tokens/:id",
    ...ofOwner,
    idempotent: true,
    summary:
      "Ends a personal token of the caller within ten seconds, with the sessions that it opened in compatible APIs.",
    input: z.object({ id: z.string().min(1).max(64) }),
    output: z.object({}),
    errors: [TokenNotFound],
  }),
};

/** The parts of a personal token: the id of its row, and the secret that proves it. Undefined for any other text. Pure. */
export function partsOfToken(token: string): { readonly id: string; readonly secret: string } | undefined {
  const [, id, secret] = /^kpt_([\w-]{22})([\w-]{43})$/.exec(token) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}
