import { AsyncLocalStorage } from "node:async_hooks";
import { randomFillSync } from "node:crypto";

const current = new AsyncLocalStorage<string>();

/** Runs `work` under a trace: events and jobs it adds carry the trace on. */
export const withTrace = <R>(traceId: string, work: () => R): R => current.run(traceId, work);

/** The W3C trace id the caller runs under, or a new one. */
export const currentTrace = (): string => current.getStore() ?? newTraceId();

const idBytes = 16;
const pool = Buffer.alloc(idBytes * 256);
let used = pool.byteLength;

/** 32 random hexadecimal digits. Many are drawn at once: asking the system for each costs a tenth of a request. */
export function newTraceId(): string {
  if (used === pool.byteLength) {
    randomFillSync(pool);
    used = 0;
  }
  used += idBytes;
  return pool.toString("hex", used - idBytes, used);
}
