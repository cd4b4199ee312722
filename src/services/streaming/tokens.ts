import { createHmac } from "node:crypto";
import { type Id, isSignedWith, type RotatingKey } from "#kernel";

export type Scope = "video" | "media";

/** The content a playback token is for, in one generation, on behalf of a viewer (0: signed out). */
export interface Grant {
  readonly scope: Scope;
  readonly id: Id;
  readonly generation: number;
  readonly viewerId: number;
  /** The session in which it was issued, with which it ends; undefined for a signed-out viewer. */
  readonly sessionId: string | undefined;
  /** Access was decided when the token was issued: the viewer knew the password, or is a moderator. */
  readonly isGranted: boolean;
  /** Milliseconds since 1970, to the second. */
  readonly endsAtMs: number;
}

export const tokenLifeMs = 5 * 60_000;
const minuteMs = 60_000;

/** Tokens issued within one minute expire together, 4 to 5 minutes later: until then an address does not change. */
export const tokenEndMs = (nowMs: number): number => Math.floor(nowMs / minuteMs) * minuteMs + tokenLifeMs;

const shape =
  /^([vmw])\.([0-9a-z]{1,11})\.([0-9a-z]{1,7})\.([0-9a-z]{1,11})\.([0-9a-z]{1,9})\.([\w-]{0,64})\.([\w-]{43})$/;
const letters = { video: "v", media: "m" } as const;
/** The letter of a video whose access was decided before. */
const granted = "w";

/** `<scope>.<id>.<generation>.<viewer>.<end>.<session>.<HMAC-SHA-256>`: numbers in base 36, the signature in base64url. */
export function writeToken(key: RotatingKey, grant: Grant): string {
  const { scope, id, generation, viewerId, sessionId = "", isGranted, endsAtMs } = grant;
  const numbers = [id, generation, viewerId, Math.floor(endsAtMs / 1_000)].map((number) => number.toString(36));
  const text = [isGranted ? granted : letters[scope], ...numbers, sessionId].join(".");
  return `${text}.${signature(key.current, text)}`;
}

/** The grant of a token, expired or not; undefined where its signature is not valid. */
export function readToken(key: RotatingKey, token: string): Grant | undefined {
  const [, letter, ...parts] = shape.exec(token) ?? [];
  const sentSignature = parts.pop();
  const sessionId = parts.pop();
  if (letter === undefined || sentSignature === undefined) return undefined;
  const text = token.slice(0, token.lastIndexOf("."));
  if (!isSignedWith(key, sentSignature, (value) => signature(value, text))) return undefined;
  const [id = 0, generation = 0, viewerId = 0, end = 0] = parts.map((part) => Number.parseInt(part, 36));
  const scope = letter === letters.media ? "media" : "video";
  return {
    scope,
    id,
    generation,
    viewerId,
    sessionId: sessionId === "" ? undefined : sessionId,
    isGranted: letter === granted,
    endsAtMs: end * 1_000,
  };
}

const signature = (secret: string, text: string): string =>
  createHmac("sha256", secret).update(text).digest("base64url");
