import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { Id } from "../contract.ts";
import { failure } from "../errors.ts";

/** A call that says nothing believable about who makes it (security S2.8). Whoever gets this as a service has the wrong secret. */
export const BadIdentity = failure("unauthenticated", "kernel.bad_identity", "this call does not say who makes it");

/** The header that carries who calls and for whom. */
export const identityHeader = "kinora-identity";
const livesMsMax = 60_000;
/** How far the clocks of two machines may be apart. */
const skewMsMax = 5_000;

const Identity = z.object({
  caller: z.string().min(1).max(64),
  /** `<service>.<method>`: good for nothing else. */
  method: z.string(),
  traceId: z.string().max(64),
  userId: Id.optional(),
  role: z.enum(["user", "moderator", "admin"]).optional(),
  sessionId: z.string().optional(),
  idempotencyKey: z.string().optional(),
  source: z.string().optional(),
  agent: z.string().optional(),
  unlock: z.string().optional(),
  issuedAtMs: z.int(),
  expiresAtMs: z.int(),
});
/** What one process vouches for to another, for one call of one method. */
export type Identity = z.output<typeof Identity>;
type Claims = Omit<Identity, "issuedAtMs" | "expiresAtMs">;

const macOf = (secret: string, body: string): Buffer =>
  createHmac("sha256", secret).update(`kinora identity 1\n${body}`).digest();

/** `<claims>.<HMAC-SHA-256>`, both base64url. It is good as long as the call lasts and at most a minute. */
export function signed(secret: string, claims: Claims, nowMs: number, leftMs: number): string {
  const lives = Math.min(Math.max(leftMs, 0) + skewMsMax, livesMsMax);
  const identity: Identity = { ...claims, issuedAtMs: nowMs, expiresAtMs: nowMs + Math.floor(lives) };
  const body = Buffer.from(JSON.stringify(identity)).toString("base64url");
  return `${body}.${macOf(secret, body).toString("base64url")}`;
}

/** @throws BadIdentity when it was made with another secret, for another method, or not now. */
export function verified(secret: string, token: string, method: string, nowMs: number): Identity {
  const [body = "", mac = "", ...others] = token.split(".");
  const given = Buffer.from(mac, "base64url");
  const right = macOf(secret, body);
  if (others.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) throw BadIdentity({});
  // What carries our signature is JSON we wrote; another version's may have other fields.
  const read = Identity.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
  if (!read.success) throw BadIdentity({}, read.error);
  const { issuedAtMs, expiresAtMs } = read.data;
  const isTimely = issuedAtMs <= nowMs + skewMsMax && nowMs < expiresAtMs && expiresAtMs - issuedAtMs <= livesMsMax;
  if (read.data.method !== method || !isTimely) throw BadIdentity({});
  return read.data;
}
