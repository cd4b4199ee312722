import { createHmac } from "node:crypto";
import { type Id, isSignedWith, type RotatingKey } from "#kernel";
import { hash, verify } from "@node-rs/argon2";
import type { Resource } from "./can.ts";

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane, as for accounts. */
const cost = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;
export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFC"), cost);
/** The hash of a password that goes with a visibility; undefined where the visibility needs none. */
export const hashForVisibility = async (
  password: string | undefined,
  visibility: Resource["visibility"] = "password",
) => (password === undefined || !["password", "gated"].includes(visibility) ? undefined : hashPassword(password));
export const isPassword = (password: string, hashed: string): Promise<boolean> =>
  verify(hashed, password.normalize("NFC"));

/** Longer than a film, so that none is interrupted for its password. */
export const unlockLifeMs = 4 * 3_600_000;

/** A thing with a password, the viewer who knew it (0 without an account), and the password's hash. */
export interface Unlock {
  readonly id: Id;
  readonly viewerId: number;
  /** Salted, so that setting the same password again ends earlier tokens. */
  readonly passwordHash: string;
}

/** `<id>.<viewer>.<end>.<HMAC-SHA-256>`: numbers in base 36, the signature in base64url and over the password too. */
export function writeUnlock(key: RotatingKey, unlock: Unlock, endsAtMs: number): string {
  const text = [unlock.id, unlock.viewerId, Math.floor(endsAtMs / 1_000)].map((n) => n.toString(36)).join(".");
  return `${text}.${signature(key.current, text, unlock.passwordHash)}`;
}

/** True if a token unlocks the thing for the viewer now. A token without an account is valid for any viewer. */
export function isUnlockedBy(
  key: RotatingKey,
  token: string,
  { id, viewerId, passwordHash }: Unlock,
  nowMs: number,
): boolean {
  const [, thing = "", viewer = "", end = "", signed = ""] =
    /^([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([0-9a-z]{1,9})\.([\w-]{43})$/.exec(token) ?? [];
  if (signed === "") return false;
  const text = `${thing}.${viewer}.${end}`;
  if (!isSignedWith(key, signed, (value) => signature(value, text, passwordHash))) return false;
  const tokenViewerId = Number.parseInt(viewer, 36);
  return (
    Number.parseInt(thing, 36) === id &&
    (tokenViewerId === 0 || tokenViewerId === viewerId) &&
    Number.parseInt(end, 36) * 1_000 > nowMs
  );
}

const signature = (secret: string, text: string, passwordHash: string): string =>
  createHmac("sha256", secret).update(`kinora unlock 1\n${text}\n${passwordHash}`).digest("base64url");
