import { KinoraError as Failure } from "../../../../../sdk/error.ts";

export { Failure };
export { readEnvelope } from "../../../../../sdk/error.ts";

/** How Chromium, Firefox and Safari say that a part of the program did not arrive. */
const isNotLoaded = /dynamically imported module|module script failed/i;

/** Anything thrown, as a {@link Failure}. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure(0, isNotLoaded.test(message) ? "network.unreachable" : "network.bad_answer", message);
}
