import { page } from "./page.ts";
import { KinoraError, readEnvelope } from "./error.ts";
import type { OperationId, Operations } from "./generated.ts";
import { operationNamed, pathOf } from "./operation.ts";

/** The server of requests, and the way to send them. */
export interface Transport {
  /** The address of the instance, such as `https://videos.example`; empty for the origin of the page. */
  readonly baseUrl: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends a request, where it should not be the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** How long a request may take: 15 s when left out. */
  readonly timeoutMs?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** With the same key and body the server does the work once, however often it is asked. */
  readonly idempotencyKey?: string;
  /** The unlock of a video with a password, from `video.unlock`. */
  readonly unlock?: string | undefined;
  /** The request may outlive the page. */
  readonly keepalive?: boolean;
}

/** The input of an operation. In a path with a user's id, `me` is the caller. */
export type Input<Id extends OperationId> = CallOptions &
  (Operations[Id] extends { path: infer Path }
    ? { readonly path: { readonly [Name in keyof Path]: Path[Name] | "me" } }
    : unknown) &
  (Operations[Id] extends { query: infer Query }
    ? { readonly query?: { readonly [Name in keyof Query]?: Query[Name] | null } }
    : unknown) &
  (Operations[Id] extends { body: infer Body } ? { readonly body: Body } : unknown);

/** The `data` of an operation's answer. */
export type Output<Id extends OperationId> = Operations[Id]["answer"];

/** Asks one operation of the API, by its `operationId`. */
export type Ask = <Id extends OperationId>(operation: Id, input: Input<Id>) => Promise<Output<Id>>;

/** An answer as it came, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The parts that any input may have. */
interface Parts extends CallOptions {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Query;
  readonly body?: Readonly<Record<string, unknown>> | Blob | Uint8Array<ArrayBuffer>;
}

const prefix = "/api/v1";
const timeoutMsDefault = 15_000;

/**
 * Sends one request of an operation, once.
 * @throws {KinoraError} `network.*` without an answer; what `signal` was aborted with
 */
export async function send<Id extends OperationId>(
  transport: Transport,
  operation: Id,
  input: Input<Id>,
  token?: string,
): Promise<Answer> {
  const { verb } = operationNamed(operation);
  const {
    path: values = {},
    query,
    body,
    signal: aborted,
    timeoutMs,
    idempotencyKey,
    unlock,
    keepalive,
  }: Parts = input;
  const place = pathOf(operation, values);
  const timeout = AbortSignal.timeout(timeoutMs ?? transport.timeoutMs ?? timeoutMsDefault);
  const isBytes = body instanceof Blob || body instanceof Uint8Array;
  const headers = new Headers({ accept: "application/json", ...transport.headers });
  const hasBody = body !== undefined || verb === "POST";
  if (hasBody) headers.set("content-type", isBytes ? "application/octet-stream" : "application/json");
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  if (idempotencyKey !== undefined) headers.set("idempotency-key", idempotencyKey);
  if (unlock !== undefined) headers.set("x-kinora-unlock", unlock);
  const ask = transport.fetch ?? fetch;
  try {
    const response = await ask(transport.baseUrl + prefix + place + queryOf(query), {
      method: verb,
      headers,
      signal: aborted === undefined ? timeout : AbortSignal.any([timeout, aborted]),
      keepalive: keepalive ?? false,
      ...(hasBody && { body: isBytes ? body : JSON.stringify(body ?? {}) }),
    });
    return { status: response.status, text: await response.text(), headers: response.headers };
  } catch (thrown) {
    if (aborted?.aborted === true) throw thrown;
    if (timeout.aborted) throw new KinoraError(0, "network.timeout", "the request took too long", { cause: thrown });
    throw unreachable(thrown);
  }
}

/** The content of an answer. @throws {KinoraError} where it is a refusal */
export function read({ status, text, headers }: Answer): unknown {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return readEnvelope(status, text, Number.isFinite(seconds) ? seconds * 1_000 : undefined);
}

function unreachable(cause: unknown): KinoraError {
  const isOnline = page.navigator.onLine ?? true;
  const [code, message] = isOnline ? ["unreachable", "the server did not answer"] : ["offline", "there is no network"];
  return new KinoraError(0, `network.${code}`, message, { cause });
}

function queryOf(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const item of Array.isArray(value) ? value : [value]) if (item != null) parameters.append(name, String(item));
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
