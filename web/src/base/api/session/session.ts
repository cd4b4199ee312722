import { createListeners } from "./listeners.ts";

/**
 * The session itself is an HttpOnly cookie that scripts cannot read. Local storage has only a mark that there is one,
 * so that a visitor causes no request that is bound to fail.
 */
const markKey = "kinora.session";

/** Asks the server to keep the session in its cookie and to leave tokens out of the answer. */
export const sessionHeader = { "x-kinora-session": "cookie" } as const;

const sessionListeners = createListeners();

/** When the access cookie should be renewed, in ms of this device's clock; shared by all tabs. */
const renewAtKey = "kinora.renew-at";
const marginMsMax = 10_000;

/**
 * When to renew a token that ends at `expiresAt` (ISO), on this device's clock, which may be wrong: what counts is how
 * long it still lives by the server's own clock (`servedAt`, the `Date` header of the answer). Never where one of them
 * is missing: then a 401 shows it. Pure.
 */
export function renewAtMs(expiresAt: unknown, servedAt: string | null, nowMs: number): number {
  const lifeMs = typeof expiresAt === "string" ? Date.parse(expiresAt) - Date.parse(servedAt ?? "") : Number.NaN;
  if (Number.isNaN(lifeMs) || lifeMs <= 0) return Number.POSITIVE_INFINITY;
  return nowMs + lifeMs - Math.min(marginMsMax, lifeMs / 10);
}

/** Keeps what the answer to a log-in or a renewal says about the end of its token. */
export const storeRenewal = (data: unknown, servedAt: string | null): void =>
  localStorage.setItem(renewAtKey, String(renewAtMs(expiryOf(data), servedAt, Date.now())));

const expiryOf = (data: unknown): unknown =>
  typeof data === "object" && data !== null && "expires_at" in data ? data.expires_at : undefined;

/** The access cookie is over, or nobody knows since when it is there. */
export const isRenewalDue = (): boolean => hasSession() && Number(localStorage.getItem(renewAtKey) ?? 0) <= Date.now();

export const hasSession = (): boolean => localStorage.getItem(markKey) === "1";

export function beginSession(): void {
  localStorage.setItem(markKey, "1");
  sessionListeners.notify();
}

export function endSession(): void {
  if (!hasSession()) return;
  localStorage.removeItem(markKey);
  localStorage.removeItem(renewAtKey);
  sessionListeners.notify();
}

/** An act that waits for a log-in: the name of an operation, and the ID of its object. */
export interface WaitingAct {
  readonly operation: string;
  readonly id?: number | string | undefined;
}

/** Asks the viewer to log in again after a session has ended; `act` waits for it. Resolves to true if they did. */
type Keeper = (act: WaitingAct | null) => Promise<boolean>;
let askLogIn: Keeper | undefined;

/** Lets the frame of the app ask for a log-in before a session is given up; returns the way to stop. */
export function keepSession(by: Keeper): () => void {
  askLogIn = by;
  return () => {
    if (askLogIn === by) askLogIn = undefined;
  };
}

/** The server knows the session no longer: the viewer logs in again, or is a visitor. */
export async function loseSession(act: WaitingAct | null): Promise<void> {
  if (hasSession() && (await askLogIn?.(act)) !== true) endSession();
}

const logOutListeners = createListeners();
/** Written by a log-out, for the other tabs: the end of a session by the server is none. */
const logOutKey = "kinora.log-out";

/** Calls back, for as long as the page lives, when the user logs out. `createAccountStore` does so for its state. */
export const onLogOut = (listener: () => void): void => void logOutListeners.subscribe(listener);

/** The user logged out, and the server knows: their state on this device is removed too. */
export function leaveSession(): void {
  endSession();
  localStorage.setItem(logOutKey, String(Date.now()));
  logOutListeners.notify();
}

/** Makes a log-out in another tab one of this tab; returns the way to stop. */
export function followLogOuts(): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    if (key === logOutKey) logOutListeners.notify();
  };
  window.addEventListener("storage", onStorage);
  return () => window.removeEventListener("storage", onStorage);
}

const pendingWork: (() => Promise<unknown>)[] = [];

/** Registers work that needs the session: a log-out waits for it. It never rejects. */
export const beforeLogOut = (work: () => Promise<unknown>): void => void pendingWork.push(work);

/** Settles when all of that work is done. */
export const finishWork = (): Promise<unknown> => Promise.all(pendingWork.map((work) => work()));

/** Calls back when a session begins or ends, in this tab or another; returns the way to stop. */
export function watchSession(watcher: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key === markKey) watcher();
  };
  const unsubscribe = sessionListeners.subscribe(watcher);
  window.addEventListener("storage", onStorage);
  return () => {
    unsubscribe();
    window.removeEventListener("storage", onStorage);
  };
}
