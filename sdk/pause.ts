import { page } from "./page.ts";

/** Waits, shorter when the connection comes back. @throws what `signal` was aborted with */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer);
      page.removeEventListener?.("online", finish);
      signal?.removeEventListener("abort", finish);
      if (signal?.aborted === true) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(finish, ms);
    page.addEventListener?.("online", finish);
    signal?.addEventListener("abort", finish);
    if (signal?.aborted === true) finish();
  });
}
