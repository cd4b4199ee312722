import { type OperationId, type Operations, operations } from "../../../../../sdk/generated.ts";
import {
  type Answer,
  type CallOptions,
  type Input,
  type Output,
  read,
  send,
  type Transport,
} from "../../../../../sdk/request.ts";
import {
  hasSession,
  isRenewalDue,
  loseSession,
  storeRenewal,
  sessionHeader,
  type WaitingAct,
} from "../session/session.ts";
import { requestConfirmation } from "../confirmation.ts";
import { fetchEarly } from "./early.ts";
import { lockedSubject, unlockOf } from "./unlocks.ts";

const transport: Transport = { baseUrl: "", headers: sessionHeader, fetch: fetchEarly };

/**
 * Asks one operation of the API. Resolves to the envelope's `data`, rejects with a {@link Failure}. A session that has
 * run out is renewed first: an operation that is open to visitors would answer as to a visitor. A 401 renews it once
 * and asks again. If that does not help, the viewer is asked to log in, and the session goes on or is over. A request
 * that may outlive the page is sent immediately: a renewal before it might lose its answer, and with it the session.
 */
export async function ask<Id extends OperationId>(operation: Id, input: Input<Id>): Promise<Output<Id>> {
  const attempt = () => sendConfirmed(() => send(transport, operation, withUnlock(operation, input)));
  const begins = beginning.has(operation);
  const { path: { id } = {} }: CallOptions & { readonly path?: Readonly<Record<string, string | number>> } = input;
  const act = operations[operation].verb === "GET" ? null : { operation, id };
  const answer = begins
    ? await attempt()
    : await withinSession(attempt, { isPatient: input.keepalive !== true, act, isLast: operation === "auth.logout" });
  // The server builds its answers from the contract these types are made from and drops what is not in it.
  const data = read(answer) as Output<Id>;
  if (begins) storeRenewal(data, answer.headers.get("date"));
  return data;
}

/** Sends a request; where it needs a fresh sign-in, once more after the viewer proved who they are. */
async function sendConfirmed(attempt: () => Promise<Answer>): Promise<Answer> {
  const answer = await attempt();
  const methods = methodsOf(answer);
  return methods !== undefined && (await requestConfirmation({ methods })) ? attempt() : answer;
}

/** The ways to prove oneself, of an answer that asks for it. */
function methodsOf({ status, text }: Partial<Answer>): readonly string[] | undefined {
  if (status !== 401 || text?.includes('"auth.sign_in_again"') !== true) return undefined;
  const { details } = JSON.parse(text) as { details?: { methods?: readonly string[] } }; // The envelope of this failure.
  return details?.methods ?? [];
}

/** Adds the unlock of the video or live room an operation is about. */
function withUnlock<Id extends OperationId>(operation: Id, input: Input<Id>): Input<Id> {
  const { path }: CallOptions & { readonly path?: Readonly<Record<string, string | number>> } = input;
  const id = path?.["id"];
  const subject = id === undefined ? undefined : lockedSubject(operations[operation].path, id, path?.["kind"]);
  return subject === undefined ? input : { ...input, unlock: unlockOf(subject) };
}

/** These begin a session: what was before them does not matter, and their answers say when it must be renewed. */
const beginning: ReadonlySet<OperationId> = new Set<OperationId>([
  "auth.login",
  "auth.secondFactor",
  "auth.loginByPasskey",
  "auth.register",
  "auth.claim",
]);

interface WithinSession {
  /** False where the page may be leaving: nothing is waited for before it is sent. */
  readonly isPatient?: boolean;
  /** The act of the viewer, which is done after another log-in. */
  readonly act?: WaitingAct | null;
  /** It ends the session, and needs no other. */
  readonly isLast?: boolean;
}

/**
 * Sends a request as the signed-in viewer. A session that has run out is renewed first; a 401 renews it once and sends
 * again. If it cannot be renewed, the request waits for a log-in or is sent as a visitor's.
 */
export async function withinSession<Got extends { readonly status: number }>(
  send: () => Promise<Got>,
  { isPatient = true, act = null, isLast = false }: WithinSession = {},
): Promise<Got> {
  const startedAtMs = Date.now();
  const lose = async () => (isLast ? undefined : loseSession(act));
  if (isPatient && isRenewalDue() && !(await renewSession(startedAtMs))) await lose();
  const answer = await send();
  // The session stands where a fresh sign-in is asked for.
  if (answer.status !== 401 || !hasSession() || methodsOf(answer) !== undefined) return answer;
  if (!(await renewSession(startedAtMs))) await lose();
  return send();
}

/** The refresh token is in a cookie, out of reach of this code: the server takes it from there. */
const inCookie = {} as Operations["auth.refresh"]["body"];
const renewedKey = "kinora.renewed";
let renewing: Promise<boolean> | null = null;

/**
 * Renews the session's tokens, once for all requests and all tabs. A refresh token may be used only once: a second use
 * ends the session. A renewal by another tab since `sinceMs` is enough.
 */
function renewSession(sinceMs: number): Promise<boolean> {
  renewing ??= withLock(async () => {
    if (Number(localStorage.getItem(renewedKey) ?? 0) > sinceMs) return true;
    // It spends the token: a page that goes away meanwhile must not take the answer with it.
    const answer: Answer = await send(transport, "auth.refresh", { body: inCookie, keepalive: true });
    if ([400, 401, 403].includes(answer.status)) return false;
    storeRenewal(read(answer), answer.headers.get("date"));
    localStorage.setItem(renewedKey, String(Date.now()));
    return true;
  }).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** The lock manager exists on secure origins only; over plain HTTP a single tab is assumed. */
const withLock = <Result>(work: () => Promise<Result>): Promise<Result> =>
  "locks" in navigator ? navigator.locks.request("kinora-session", work) : work();
