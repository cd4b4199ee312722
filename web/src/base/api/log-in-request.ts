import type { WaitingAct } from "./session/session.ts";
import { createDeviceStore, useStore } from "./session/store.ts";
import type { User } from "./types.ts";

/** A log-in over the page, after which an act is done and the page stays as it was. */
export interface LogInRequest {
  /** Why a visitor is asked; null where a session has ended. */
  readonly why: string | null;
  /** The user whose session has ended; null for a visitor. */
  readonly user: User | null;
  readonly act: WaitingAct | null;
}

interface Pending {
  readonly request: LogInRequest;
  readonly outcome: PromiseWithResolvers<boolean>;
}

const pending = createDeviceStore<Pending | null>(null);

/** Asks for a log-in, one at a time; settles with whether the viewer is logged in. The first act is the one that is named. */
export function requestLogIn(request: LogInRequest): Promise<boolean> {
  const { request: earlier, outcome = Promise.withResolvers<boolean>() } = pending.get() ?? {};
  if (earlier === undefined || (earlier.act === null && request.act !== null)) pending.set({ request, outcome });
  return outcome.promise;
}

/** Asks a visitor for a log-in, and says why. */
export const logInFor = (why: string): Promise<boolean> => requestLogIn({ why, user: null, act: null });

export function settleLogIn(isIn: boolean): void {
  pending.get()?.outcome.resolve(isIn);
  pending.set(null);
}

/** The log-in that is asked for now. */
export const useLogInRequest = (): LogInRequest | null => useStore(pending, (current) => current?.request ?? null);
