import type { Call } from "#kernel";

/**
 * The same call without its `Idempotency-Key`. A key is good for one command with one input; the steps of an upload
 * differ each time (the pieces have new names) and are safe to repeat by themselves.
 */
export function unkeyed({ idempotencyKey: _, ...call }: Call): Call {
  return call;
}
