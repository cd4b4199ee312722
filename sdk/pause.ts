import { page } from "./page.ts";

/** Waits, shorter when the connection comes back. @throws what `signal` was aborted with */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      page.removeEventListener?.("online", done);
      signal?.removeEventListener("abort", done);
      if (signal?.aborted === true) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(done, ms);
    page.addEventListener?.("online", done);
    signal?.addEventListener("abort", done);
    if (signal?.aborted === true) done();
  });
}
