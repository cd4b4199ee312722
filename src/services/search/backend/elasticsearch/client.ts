import type { Log } from "#kernel";
import type { ConfiguredRequest, ConfiguredServer } from "#kernel/outgoing/configured";
import { z } from "zod";
import { SearchUnavailable } from "../../contract.ts";

/** For what a caller waits for; a feed may wait longer. */
const usualMs = 5_000;

export interface Request extends Omit<ConfiguredRequest, "signal" | "body"> {
  /** Becomes JSON. */
  readonly json?: object;
  readonly ndjson?: string;
  /** Answers undefined if the object is absent, instead of throwing. */
  readonly mayBeAbsent?: boolean;
  readonly timeoutMs?: number;
}

/** Its form in all versions since 2. */
const Refusal = z.object({ error: z.object({ type: z.string(), reason: z.string().nullish() }) });

/** The HTTP protocol of Elasticsearch. The log has its loss and its return once each. */
export class Elasticsearch {
  readonly #server: ConfiguredServer;
  readonly #log: Log;
  #isAway = false;

  constructor(server: ConfiguredServer, log: Log) {
    this.#server = server;
    this.#log = log;
  }

  /** An answer as its schema parses it. @throws SearchUnavailable where there is none that says anything of the request */
  async ask<S extends z.ZodType>(schema: S, request: Request): Promise<z.output<S> | undefined> {
    const { method, path, json, ndjson, mayBeAbsent = false, timeoutMs = usualMs } = request;
    const body = ndjson ?? (json && JSON.stringify(json));
    const sent = this.#server.ask({
      method,
      path,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body }),
      ...(ndjson !== undefined && { contentType: "application/x-ndjson" }),
    });
    const { status, text } = await sent.catch((error: unknown) => this.#away(error));
    if (isOfServer(status)) return this.#away(new Error(`Elasticsearch answered ${status}: ${text.slice(0, 500)}`));
    if (this.#isAway) this.#log.info("Elasticsearch is back");
    this.#isAway = false;
    if (status === 404 && mayBeAbsent) return undefined;
    const answer: unknown = JSON.parse(text);
    if (status >= 400) throw refusalError(status, answer);
    return schema.parse(answer);
  }

  #away(cause: unknown): never {
    if (!this.#isAway) this.#log.warn("Elasticsearch is away; searches are refused until it is back", { err: cause });
    this.#isAway = true;
    throw SearchUnavailable({}, cause);
  }
}

/** Credentials, load and failures of the server: nothing that another request would change. */
const isOfServer = (status: number): boolean => status >= 500 || status === 401 || status === 403 || status === 429;

function refusalError(status: number, answer: unknown): Error {
  const { error } = Refusal.safeParse(answer).data ?? {};
  return new Error(`Elasticsearch answered ${status}: ${error ? `${error.type}: ${error.reason}` : "no reason"}`);
}
