import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  timingSafeEqual,
} from "node:crypto";
import type { RotatingKey } from "#kernel";
import { SignJWT } from "jose";

/** The header every Ed25519 private key has in PKCS #8 (RFC 8410 §7), before its 32 bytes of seed. */
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");
const issuer = "kinora";

export interface SigningKey {
  readonly kid: string;
  /** The public half, base64url, as a JSON Web Key has it. */
  readonly x: string;
  readonly key: KeyObject;
  /** The key of refresh tokens (HMAC-SHA-256). */
  readonly refreshKey: Uint8Array;
}

/** The keys of tokens, as the rotating key of the service has them now. */
export interface SigningKeys {
  readonly current: () => SigningKey;
  readonly valid: () => readonly SigningKey[];
}

export function createSigningKeys(key: RotatingKey): SigningKeys {
  const derivedKeys = new Map<string, SigningKey>();
  const keyOf = (secret: string): SigningKey => {
    const derivedKey = derivedKeys.get(secret) ?? signingKey(secret);
    derivedKeys.set(secret, derivedKey);
    return derivedKey;
  };
  return { current: () => keyOf(key.current), valid: () => key.valid.map(keyOf) };
}

/** The keys that are derived from one value, the same at every start. */
export function signingKey(secret: string): SigningKey {
  const seed = createHash("sha256").update(`access tokens ${secret}`).digest();
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: "der", type: "pkcs8" });
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  const refreshKey = createHash("sha256").update(`refresh tokens ${secret}`).digest();
  return { key, x, kid: createHash("sha256").update(x).digest("base64url").slice(0, 16), refreshKey };
}

/** The ways in which the user of a session proved who they are, and when. */
export interface SessionProof {
  readonly methods: readonly string[];
  readonly atMs: number;
}
interface AccessClaims {
  readonly userId: number;
  readonly sessionId: string;
  readonly proof: SessionProof;
  readonly nowMs: number;
  readonly lifeMs: number;
}

/**
 * An access token bound to a session (in the form of RFC 9068). It has no field that a client could choose, and nothing
 * in it decides rights: `amr` and `auth_time` are for readers.
 */
export const signAccess = (
  { key, kid }: SigningKey,
  { userId, sessionId, proof, nowMs, lifeMs }: AccessClaims,
): Promise<string> =>
  new SignJWT({ sid: sessionId, amr: proof.methods, auth_time: Math.floor(proof.atMs / 1_000) })
    .setProtectedHeader({ alg: "EdDSA", kid, typ: "at+jwt" })
    .setIssuer(issuer)
    .setAudience("access")
    .setSubject(String(userId))
    .setIssuedAt(Math.floor(nowMs / 1_000))
    .setNotBefore(Math.floor(nowMs / 1_000))
    .setExpirationTime(Math.ceil((nowMs + lifeMs) / 1_000))
    .sign(key);

/**
 * A token of the resumable API, bound to a session and valid as long as it. It has the same key and another type and
 * audience, so that neither kind passes for the other.
 */
export const signLong = (
  { key, kid }: SigningKey,
  claims: { userId: number; username: string; sessionId: string; nowMs: number; expiresAtMs: number },
): Promise<string> =>
  new SignJWT({ sid: claims.sessionId, user_id: claims.userId, username: claims.username })
    .setProtectedHeader({ alg: "EdDSA", kid, typ: "session+jwt" })
    .setIssuer(issuer)
    .setAudience("session")
    .setSubject(String(claims.userId))
    .setIssuedAt(Math.floor(claims.nowMs / 1_000))
    .setNotBefore(Math.floor(claims.nowMs / 1_000))
    .setExpirationTime(Math.floor(claims.expiresAtMs / 1_000))
    .sign(key);

/** A token of a session for uploads or downloads alone; its audience is the one thing that it is good for. */
export const signEntry = (
  { key, kid }: SigningKey,
  claims: { userId: number; sessionId: string; direction: string; nowMs: number; expiresAtMs: number },
): Promise<string> =>
  new SignJWT({ sid: claims.sessionId })
    .setProtectedHeader({ alg: "EdDSA", kid, typ: "entry+jwt" })
    .setIssuer(issuer)
    .setAudience(claims.direction)
    .setSubject(String(claims.userId))
    .setIssuedAt(Math.floor(claims.nowMs / 1_000))
    .setNotBefore(Math.floor(claims.nowMs / 1_000))
    .setExpirationTime(Math.floor(claims.expiresAtMs / 1_000))
    .sign(key);

/** The refresh token of a session after so many refreshes: nothing is stored that could be presented. */
export function signRefresh({ refreshKey }: SigningKey, sessionId: string, refreshes: number): string {
  const text = `${sessionId}.${refreshes}`;
  return `${text}.${createHmac("sha256", refreshKey).update(text).digest("base64url")}`;
}

/** The content of a refresh token; undefined for a token that is not ours. */
export function readRefresh(
  keys: readonly SigningKey[],
  token: string,
): { readonly sessionId: string; readonly refreshes: number } | undefined {
  const [sessionId = "", count = ""] = token.split(".");
  const refreshes = Number(count);
  const isOurs = (key: SigningKey) => isSame(token, signRefresh(key, sessionId, refreshes));
  return Number.isSafeInteger(refreshes) && keys.some(isOurs) ? { sessionId, refreshes } : undefined;
}

/** The stored form of a secret that must not be read back. */
export const hashSecret = (secret: string): string => createHash("sha256").update(secret).digest("base64url");

/** Compares in constant time. */
export const isSame = (a: string, b: string): boolean => {
  const [x, y] = [hashSecret(a), hashSecret(b)].map((text) => Buffer.from(text));
  return x !== undefined && y !== undefined && timingSafeEqual(x, y);
};
