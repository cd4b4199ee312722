import { z } from "zod";
import type { Call } from "../call.ts";
import { Id } from "../fields.ts";
import { failure } from "../errors.ts";

/** A call without a valid claim of its caller (security S2.8). A service that gets this has the wrong secret. */
export const BadIdentity = failure("unauthenticated", "kernel.bad_identity", "this call does not say who makes it");

/** The header that carries who calls and for whom; believed on a connection that was authenticated, and nowhere else. */
export const claimHeader = "kinora-claim";

const Claim = z.object({
  caller: z.string().min(1).max(64),
  traceId: z.string().max(64),
  userId: Id.optional(),
  role: z.enum(["user", "moderator", "admin"]).optional(),
  sessionId: z.string().optional(),
  isFresh: z.boolean().optional(),
  device: z.string().optional(),
  idempotencyKey: z.string().optional(),
  source: z.string().optional(),
  agent: z.string().optional(),
  language: z.enum(["en", "zh"]).optional(),
  unlock: z.string().optional(),
  readAfter: z.record(z.string().max(64), z.int().min(0)).optional(),
});
/** The context of one call that one process vouches for to another. */
export type Claim = z.output<typeof Claim>;

/** The text that {@link claimOf} reads: JSON in printable ASCII, without absent fields. */
export function claimText(caller: string, call: Call): string {
  const { traceId, userId, role, sessionId, isFresh, device } = call;
  const { idempotencyKey, source, agent, language, unlock, readAfter } = call;
  const text = JSON.stringify({
    caller,
    traceId,
    userId,
    role,
    sessionId,
    isFresh,
    device,
    idempotencyKey,
    source,
    agent,
    language,
    unlock,
    readAfter,
  });
  return plain.test(text) ? text : text.replaceAll(notPlain, escapeUnit);
}
const plain = /^[\x20-\x7e]*$/;
const notPlain = /[^\x20-\x7e]/g;
const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** @throws BadIdentity when it is no claim; another version's may have other fields. */
export function claimOf(text: string): Claim {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw BadIdentity({}, error);
  }
  const { data, error } = Claim.safeParse(value);
  if (error) throw BadIdentity({}, error);
  return data;
}
