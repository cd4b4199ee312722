import type { KinoraError } from "./error.ts";

const waitMsMax = 30_000;
const conflictsMax = 6;
const faultsMax = 8;

/** The upload changed under us, or another writer holds it: asking for its end again mends that. */
const passing = new Set(["upload.wrong_offset", "upload.busy", "upload.completed"]);

/**
 * How long to wait, in ms, before an upload that failed for the `failures`-th time without moving goes on by itself;
 * `null` where only a person can mend it. Without a connection it never gives up. Pure.
 */
export function retryMs(
  { status, code, retryAfterMs }: Pick<KinoraError, "status" | "code" | "retryAfterMs">,
  failures: number,
): number | null {
  const backOffMs = Math.min(waitMsMax, 500 * 2 ** Math.min(failures, 10));
  if (code.startsWith("network.")) return backOffMs;
  if (status === 429) return retryAfterMs ?? 5_000;
  if (passing.has(code)) return failures < conflictsMax ? backOffMs : null;
  // A full disk does not empty itself while a user waits.
  if (status >= 500 && status !== 507) return failures < faultsMax ? Math.max(backOffMs, retryAfterMs ?? 0) : null;
  return null;
}
