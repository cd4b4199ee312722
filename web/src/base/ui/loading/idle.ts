/** Settles when the browser has nothing else to do, at the latest after this time. */
export const idle = (msMax: number): Promise<void> =>
  new Promise((resolve) => {
    // Safari has no such callback.
    if ("requestIdleCallback" in window) requestIdleCallback(() => resolve(), { timeout: msMax });
    else setTimeout(resolve, msMax);
  });
