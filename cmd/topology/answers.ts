import { request as requestHttps } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { request as requestHttp } from "../../src/kernel/http/node-http.ts";

const answerMsMax = 5_000;
const firstPauseMs = 50;
const lastPauseMs = 1_000;

/** True if a process of this machine answers a path with 200. Its certificate is for its public name, so it is not checked. */
export function isAnswered(url: string, path: "/health" | "/ready"): Promise<boolean> {
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const asking = request(
      `${url}${path}`,
      { agent: false, timeout: answerMsMax, rejectUnauthorized: false },
      (response) => {
        response.resume();
        response.once("close", () => resolve(response.statusCode === 200));
      },
    );
    asking.once("timeout", () => asking.destroy());
    asking.once("error", () => resolve(false));
    asking.end();
  });
}

/** Settles with true when it is answered, and with false after `waitMs` or when `signal` is aborted. */
export async function untilAnswered(
  url: string,
  path: "/health" | "/ready",
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const endMs = performance.now() + waitMs;
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 1.5, lastPauseMs)) {
    if (await isAnswered(url, path)) return true;
    if (performance.now() > endMs) return false;
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
