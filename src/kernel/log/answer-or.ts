import { KinoraError } from "../errors.ts";
import type { Log } from "./port.ts";

/**
 * The answer of another service, or its substitute where the service can be asked again later: that is logged by the
 * sentence. Any other failure is thrown.
 */
export const answerOr = <T, S>(request: Promise<T>, substitute: S, log: Log, sentence: string): Promise<T | S> =>
  request.catch((error: unknown) => {
    if (!(error instanceof KinoraError) || !error.retryable) throw error;
    log.warn(sentence, { err: error });
    return substitute;
  });
