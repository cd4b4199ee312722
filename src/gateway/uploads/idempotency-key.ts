import type { Call } from "#kernel";

/**
 * The same call without its `Idempotency-Key`. A key stands for one command with one input; the steps of an upload differ
 * each time, as pieces have new names, and are safe to repeat by themselves.
 */
export function withoutIdempotencyKey({ idempotencyKey: _, ...call }: Call): Call {
  return call;
}
