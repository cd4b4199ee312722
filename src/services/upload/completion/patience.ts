import { KinoraError } from "#kernel";
import { UploadBusy } from "../contract.ts";

const busyMsMax = 5_000;
const retryMs = 50;

/** Retries while another request holds the session, which takes it a moment. */
export async function patiently<R>(work: () => Promise<R>): Promise<R> {
  const deadline = performance.now() + busyMsMax;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isBusy = error instanceof KinoraError && error.code === UploadBusy.code;
      if (!isBusy || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}
