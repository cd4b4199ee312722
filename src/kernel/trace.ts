import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

const current = new AsyncLocalStorage<string>();

/** Runs `work` under a trace: events and jobs it adds carry the trace on. */
export const traced = <R>(traceId: string, work: () => R): R => current.run(traceId, work);

/** The W3C trace id the caller runs under, or a new one. */
export const currentTrace = (): string => current.getStore() ?? randomBytes(16).toString("hex");
