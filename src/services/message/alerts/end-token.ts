import { createHmac } from "node:crypto";
import { type Id, isSignedWith, type RotatingKey } from "#kernel";

/** A token that ends the notification mails of a user. It is in each of them, and valid as long as the key. Pure. */
export const endTokenOf = (key: RotatingKey, userId: Id): string => `${userId}.${signature(key.current, userId)}`;

/** The user whose mails the token ends; undefined for a token that is not ours. Pure. */
export function userOfEndToken(key: RotatingKey, token: string): Id | undefined {
  const [, id = "", signed = ""] = /^([1-9]\d{0,15})\.([\w-]{32})$/.exec(token) ?? [];
  if (signed === "") return undefined;
  const userId = Number(id);
  return isSignedWith(key, signed, (value) => signature(value, userId)) ? userId : undefined;
}

const signature = (secret: string, userId: Id): string =>
  createHmac("sha256", secret).update(`end mails ${userId}`).digest("base64url").slice(0, 32);
