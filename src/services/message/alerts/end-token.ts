import { createHmac, timingSafeEqual } from "node:crypto";
import type { Id } from "#kernel";

/** A token that ends the notification mails of a user. It is in each of them, and holds as long as the key. Pure. */
export const endTokenOf = (key: string, userId: Id): string => `${userId}.${signature(key, userId)}`;

/** The user whose mails the token ends; undefined for a token that is not ours. Pure. */
export function userOfEndToken(key: string, token: string): Id | undefined {
  const [, id = "", signed = ""] = /^([1-9]\d{0,15})\.([\w-]{32})$/.exec(token) ?? [];
  if (signed === "") return undefined;
  const userId = Number(id);
  return timingSafeEqual(Buffer.from(signature(key, userId)), Buffer.from(signed)) ? userId : undefined;
}

const signature = (key: string, userId: Id): string =>
  createHmac("sha256", key).update(`end mails ${userId}`).digest("base64url").slice(0, 32);
