import { createHash, timingSafeEqual } from "node:crypto";
import type { Id } from "#kernel";

const forms = {
  registration: /^kreg_(\d{1,16})_([\w-]{43})$/,
  runner: /^krun_(\d{1,16})_([\w-]{43})$/,
} as const;
const prefixes = { registration: "kreg", runner: "krun" } as const;
export type TokenKind = keyof typeof forms;

/** A token with the id of its row, and the hash that is stored instead of it. */
export function newToken(kind: TokenKind, id: Id, random: (bytes: number) => Buffer): { token: string; hash: string } {
  const secret = random(32).toString("base64url");
  return { token: `${prefixes[kind]}_${id}_${secret}`, hash: hashOf(secret) };
}

/** The row that a token names, before its secret is compared; undefined for what is no token of this kind. */
export function readToken(kind: TokenKind, token: string): { readonly id: Id; readonly secret: string } | undefined {
  const [, id, secret] = forms[kind].exec(token) ?? [];
  const number = Number(id);
  return secret !== undefined && Number.isSafeInteger(number) && number > 0 ? { id: number, secret } : undefined;
}

/** Compares in constant time. */
export function isSecretOf(hash: string, secret: string): boolean {
  const [expected, actual] = [Buffer.from(hash), Buffer.from(hashOf(secret))];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("base64url");
