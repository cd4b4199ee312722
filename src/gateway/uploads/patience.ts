import { KinoraError } from "#kernel";
import { UploadBusy } from "#services/upload/contract";

/** Longer than a database takes to come back. */
const patienceMs = 60_000;
const pauseMs = { first: 100, last: 2_000 };

/**
 * The end of an upload whose bytes are all here: it is tried again while a service or its database cannot do it, because its
 * client would have to send everything again. The first attempt may have gone through: what is repeated must be idempotent.
 */
export async function patiently<T>(work: () => Promise<T>, forMs = patienceMs): Promise<T> {
  const patientUntil = performance.now() + forMs;
  for (let waitMs = pauseMs.first; ; waitMs = Math.min(2 * waitMs, pauseMs.last)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || performance.now() + waitMs > patientUntil) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** An attempt that was cut off may still hold the upload. */
const isPassing = (error: unknown): boolean =>
  error instanceof KinoraError && (error.http === 503 || error.code === UploadBusy.code);
