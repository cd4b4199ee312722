import { Failure, readEnvelope } from "./failure.ts";
import { type RowId, type Rows, routes } from "./generated.ts";
import { isOfVideo, unlockOf } from "./unlocks.ts";
import { endSession, hasSession, isRenewalDue, noteSession, sessionHeader } from "./session.ts";

type Method = "GET" | "POST" | "PUT" | "DELETE";
type Query = Record<string, string | number | null | undefined>;

interface Options {
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /**
   * The request may outlive the page (a view report, a deletion when leaving). It goes out immediately: a renewal
   * before it might lose its answer, and with it the session.
   */
  keepalive?: boolean;
  /** With the same key and body the server does the work once, however often it is asked. */
  idempotencyKey?: string;
}
interface RequestOptions extends Options {
  /** The unlock of a video with a password. */
  unlock?: string | undefined;
  body?: unknown;
  query?: Query;
}

/** The input of a row of the API. Where a path has a user's id, `me` is the caller. */
type Given<Id extends RowId> = Options &
  (Rows[Id] extends { path: infer Path } ? { path: { [Name in keyof Path]: Path[Name] | "me" } } : unknown) &
  (Rows[Id] extends { query: infer Asked } ? { query?: { [Name in keyof Asked]?: Asked[Name] | null } } : unknown) &
  (Rows[Id] extends { body: infer Body } ? { body: Body } : unknown);

const timeoutMsDefault = 15_000;

/**
 * Asks one row of the API, by the name the contract gives it. Resolves to the envelope's `data`, rejects with a
 * {@link Failure}. A session that is known to have run out is renewed first, because a row that is open to visitors
 * would answer as to a visitor; a 401 renews it once and asks again. When that does not help, the session is over.
 */
export async function ask<Id extends RowId>(row: Id, given: Given<Id>): Promise<Rows[Id]["answer"]> {
  const { verb, path } = routes[row];
  const { path: parts = {}, ...options }: RequestOptions & { path?: Record<string, string | number> } = given;
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ""));
  // The server builds its answers from the contract these types are made from and drops what is not in it.
  const unlock = parts["id"] !== undefined && isOfVideo(path) ? unlockOf(parts["id"]) : undefined;
  return (await request(verb, place, { ...options, unlock }, sessionRows.has(row))) as Rows[Id]["answer"];
}

/** These begin a session: what was before them does not matter, and their answers say when it must be renewed. */
const sessionRows: ReadonlySet<RowId> = new Set<RowId>(["auth.login", "auth.register", "auth.claim"]);

async function request(method: Method, path: string, options: RequestOptions, begins: boolean): Promise<unknown> {
  const attempt = () => send(method, path, options);
  const answer = begins ? await attempt() : await withinSession(attempt, options.keepalive !== true);
  const data = readEnvelope(answer.status, answer.text);
  if (begins) noteSession(data, answer.servedAt);
  return data;
}

/**
 * Sends something as who is signed in: a session that is known to have run out is renewed first, unless the page may be
 * leaving (`isPatient` false), and a 401 renews it once and sends again.
 */
export async function withinSession<Got extends { readonly status: number }>(
  send: () => Promise<Got>,
  isPatient = true,
): Promise<Got> {
  const startedAtMs = Date.now();
  if (isPatient && isRenewalDue() && !(await renewSession(startedAtMs))) endSession();
  const answer = await send();
  if (answer.status !== 401 || !hasSession()) return answer;
  if (!(await renewSession(startedAtMs))) endSession();
  return send();
}

interface Answer {
  status: number;
  text: string;
  /** The server's clock, as its `Date` header says it. */
  servedAt: string | null;
}

async function send(method: Method, path: string, options: RequestOptions): Promise<Answer> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? timeoutMsDefault);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  const headers = new Headers({ accept: "application/json", ...sessionHeader });
  if (options.body !== undefined || method === "POST") headers.set("content-type", "application/json");
  if (options.idempotencyKey !== undefined) headers.set("idempotency-key", options.idempotencyKey);
  if (options.unlock !== undefined) headers.set("x-kinora-unlock", options.unlock);
  try {
    const response = await fetch(urlOf(path, options.query), {
      method,
      headers,
      signal,
      credentials: "same-origin",
      keepalive: options.keepalive ?? false,
      ...(headers.has("content-type") && { body: JSON.stringify(options.body ?? {}) }),
    });
    return { status: response.status, text: await response.text(), servedAt: response.headers.get("date") };
  } catch (thrown) {
    if (options.signal?.aborted === true) throw thrown;
    if (timeout.aborted) throw new Failure(0, "network.timeout", "");
    throw new Failure(0, navigator.onLine ? "network.unreachable" : "network.offline", "");
  }
}

function urlOf(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value != null) parameters.set(name, String(value));
  const text = parameters.toString();
  return `/api/v1${path}${text === "" ? "" : `?${text}`}`;
}

const renewedKey = "kinora.renewed";
let renewing: Promise<boolean> | null = null;

/**
 * Renews the session's tokens, once for all requests and all tabs: a refresh token may be spent only once, and a
 * second use ends the session. What another tab renewed since `sinceMs` is good enough.
 */
function renewSession(sinceMs: number): Promise<boolean> {
  renewing ??= locked(async () => {
    if (Number(localStorage.getItem(renewedKey) ?? 0) > sinceMs) return true;
    // It spends the token: a page that goes away meanwhile must not take the answer with it.
    const { status, text, servedAt } = await send("POST", "/auth/refresh", { keepalive: true });
    if (status === 400 || status === 401 || status === 403) return false;
    noteSession(readEnvelope(status, text), servedAt);
    localStorage.setItem(renewedKey, String(Date.now()));
    return true;
  }).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** The lock manager exists on secure origins only; over plain HTTP a single tab is assumed. */
const locked = <Result>(work: () => Promise<Result>): Promise<Result> =>
  "locks" in navigator ? navigator.locks.request("kinora-session", work) : work();
