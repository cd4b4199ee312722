import type { Id } from "#kernel";
import { idTimeMs } from "#kernel/ids/id";

/** From this age on an account counts fully. */
const trustedMs = 3 * 24 * 3_600_000;

/**
 * How much the signals of an account count for others, 0 to 1: accounts are cheap, their age is not. Where the site itself is
 * young, half its age is enough. Pure.
 */
export function trustOf(userId: Id, { nowMs, siteSinceMs }: { readonly nowMs: number; readonly siteSinceMs: number }) {
  const needed = Math.min(trustedMs, Math.max(1, (nowMs - siteSinceMs) / 2));
  return Math.min(1, Math.max(0, nowMs - idTimeMs(userId)) / needed);
}
