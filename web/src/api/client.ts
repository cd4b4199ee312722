import { Failure, readEnvelope } from "./failure.ts";
import { endSession, hasSession, sessionHeader } from "./session.ts";

type Method = "GET" | "POST" | "PUT" | "DELETE";
type Query = Record<string, string | number | null | undefined>;

interface RequestOptions {
  body?: unknown;
  query?: Query;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** The request may outlive the page (a view report, a deletion when leaving). */
  keepalive?: boolean;
}

const timeoutMsDefault = 15_000;

/**
 * One call of the API. Resolves to the envelope's `data`, rejects with a {@link Failure}. A 401 of a session renews it
 * once and asks again; when that does not help, the session is over.
 */
export async function request<Data>(method: Method, path: string, options: RequestOptions = {}): Promise<Data> {
  const startedAtMs = Date.now();
  let answer = await send(method, path, options);
  if (answer.status === 401 && hasSession() && path !== "/users/login") {
    if (!(await renewSession(startedAtMs))) endSession();
    answer = await send(method, path, options);
  }
  // The server builds its answers from the contract these types are written from and drops what is not in it.
  return readEnvelope(answer.status, answer.text) as Data;
}

interface Answer {
  status: number;
  text: string;
}

async function send(method: Method, path: string, options: RequestOptions): Promise<Answer> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? timeoutMsDefault);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  const headers = new Headers({ accept: "application/json", ...sessionHeader });
  if (options.body !== undefined || method === "POST") headers.set("content-type", "application/json");
  try {
    const response = await fetch(urlOf(path, options.query), {
      method,
      headers,
      signal,
      credentials: "same-origin",
      keepalive: options.keepalive ?? false,
      ...(headers.has("content-type") && { body: JSON.stringify(options.body ?? {}) }),
    });
    return { status: response.status, text: await response.text() };
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
    const { status, text } = await send("POST", "/auth/refresh", {});
    if (status === 400 || status === 401 || status === 403) return false;
    readEnvelope(status, text);
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
