import type { Id } from "#kernel";
import { idTimeMs } from "#kernel/ids/id";

/** From this age on an account counts fully. */
const trustedMs = 3 * 24 * 3_600_000;

/**
 * The weight of an account's signals, 0 to 1. It grows with the account's age, because accounts are cheap and their age
 * is not. On a young site, half the site's age is enough. Pure.
 */
export function trustOf(userId: Id, { nowMs, siteSinceMs }: { readonly nowMs: number; readonly siteSinceMs: number }) {
  const needed = Math.min(trustedMs, Math.max(1, (nowMs - siteSinceMs) / 2));
  return Math.min(1, Math.max(0, nowMs - idTimeMs(userId)) / needed);
}
