import { createHmac, timingSafeEqual } from "node:crypto";
import type { Id } from "#kernel";
import { hash, verify } from "@node-rs/argon2";
import type { Visibility } from "../contract.ts";

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane, as for accounts. */
const cost = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;
export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFC"), cost);
/** Of a password that goes with a visibility; of one that would not be asked for, none is kept. */
export const hashGiven = async (password: string | undefined, visibility: Visibility = "password") =>
  password === undefined || visibility !== "password" ? undefined : hashPassword(password);
export const isPassword = (password: string, hashed: string): Promise<boolean> =>
  verify(hashed, password.normalize("NFC"));

/** Longer than a film; a film is not asked for its password in the middle. */
export const unlockLifeMs = 4 * 3_600_000;

/** A video, who knew its password (0: nobody signed in), and which one that was. */
export interface Unlock {
  readonly videoId: Id;
  readonly viewerId: number;
  /** Salted, so that the same password set again is another one. */
  readonly passwordHash: string;
}

/** `<video>.<viewer>.<end>.<HMAC-SHA-256>`: numbers in base 36, the signature in base64url and over the password too. */
export function writeUnlock(secret: string, unlock: Unlock, endsAtMs: number): string {
  const text = [unlock.videoId, unlock.viewerId, Math.floor(endsAtMs / 1_000)].map((n) => n.toString(36)).join(".");
  return `${text}.${signature(secret, text, unlock.passwordHash)}`;
}

/** Whether it opens this video to this viewer now. One that was given to nobody signed in is good for whoever has it. */
export function opens(
  secret: string,
  token: string,
  { videoId, viewerId, passwordHash }: Unlock,
  nowMs: number,
): boolean {
  const [, video = "", viewer = "", end = "", given = ""] =
    /^([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([0-9a-z]{1,9})\.([\w-]{43})$/.exec(token) ?? [];
  if (given === "") return false;
  const right = signature(secret, `${video}.${viewer}.${end}`, passwordHash);
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(right))) return false;
  const by = Number.parseInt(viewer, 36);
  return (
    Number.parseInt(video, 36) === videoId && (by === 0 || by === viewerId) && Number.parseInt(end, 36) * 1_000 > nowMs
  );
}

const signature = (secret: string, text: string, passwordHash: string): string =>
  createHmac("sha256", secret).update(`kinora unlock 1\n${text}\n${passwordHash}`).digest("base64url");
