import { useSyncExternalStore } from "react";
import type { User } from "./types.ts";

/** What waits for a log-in: the name of an operation, and the ID of what it is about. */
export interface WaitingAct {
  readonly operation: string;
  readonly id?: number | string | undefined;
}

/** A log-in over the page, after which an act is done and the page stays as it was. */
export interface LogInRequest {
  /** Why a visitor is asked; null where a session has ended. */
  readonly why: string | null;
  /** Whose session has ended; null for a visitor. */
  readonly user: User | null;
  readonly act: WaitingAct | null;
}

interface Pending {
  readonly request: LogInRequest;
  readonly outcome: PromiseWithResolvers<boolean>;
}

let pending: Pending | null = null;
const watchers = new Set<() => void>();

function change(next: Pending | null): void {
  pending = next;
  for (const watcher of watchers) watcher();
}

/** Asks for a log-in, one at a time; settles with whether the viewer is logged in. The first act is the one that is named. */
export function requestLogIn(request: LogInRequest): Promise<boolean> {
  const { request: earlier, outcome = Promise.withResolvers<boolean>() } = pending ?? {};
  if (earlier === undefined || (earlier.act === null && request.act !== null)) change({ request, outcome });
  return outcome.promise;
}

/** Asks a visitor for a log-in, and says why. */
export const logInFor = (why: string): Promise<boolean> => requestLogIn({ why, user: null, act: null });

export function settleLogIn(isIn: boolean): void {
  pending?.outcome.resolve(isIn);
  change(null);
}

/** The log-in that is asked for now. */
export const useLogInRequest = (): LogInRequest | null =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => pending?.request ?? null,
  );
