import type { IncomingMessage } from "node:http";
import { request as requestOverTls } from "node:https";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { request as requestInClear } from "../http/node-http.ts";

export interface Question {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Below the path of the server's URL, with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** How long the answer may take; five seconds. */
  readonly msMax?: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage["headers"];
}

export interface Credentials {
  /** The headers that prove who asks. */
  readonly headers?: () => Promise<Readonly<Record<string, string>>>;
  /** Certificates of the authorities for `https:`, in PEM; those of Node.js where it yields none. */
  readonly authorities?: () => Promise<string | undefined>;
  /** Called after an answer that these credentials are not accepted. */
  readonly forget?: () => void;
}

const askMsMax = 5_000;
const lineCharactersMax = 2 ** 24;

/** The answer of an engine that it could not do what it was asked. */
export class Refused extends Error {
  readonly status: number;

  constructor({ status, text }: Pick<Answer, "status" | "text">) {
    super(`it answered ${status}: ${text.trim().slice(0, 200)}`);
    this.status = status;
  }
}

/** The servers of one engine, each of which answers for all: after a failure the next is asked. */
export class EngineServers {
  readonly #urls: readonly URL[];
  readonly #credentials: Credentials;
  #current = 0;

  /** @param urls `http:` or `https:`, at least one */
  constructor(urls: readonly string[], credentials: Credentials = {}) {
    this.#urls = urls.map((url) => new URL(url));
    this.#credentials = credentials;
  }

  /** @throws Refused for every status but 2xx; another Error where there is no answer in time */
  async ask(question: Question): Promise<Answer> {
    const signal = AbortSignal.any([question.signal, AbortSignal.timeout(question.msMax ?? askMsMax)]);
    return this.#orNext(async (url) => {
      const response = await this.#send(url, question, signal);
      const content = await text(response).catch((error: Error) => {
        throw reasonable(error, signal, url);
      });
      const answer = { status: response.statusCode ?? 0, text: content, headers: response.headers };
      if (!isFine(answer.status)) throw new Refused(answer);
      return answer;
    });
  }

  /** As {@link ask}, for an answer of this shape. @throws Error for what is none */
  async read<T>(schema: z.ZodType<T>, question: Question): Promise<T> {
    return parseAnswer(schema, (await this.ask(question)).text);
  }

  /** The lines of an answer that goes on until the signal aborts. @throws as {@link ask} */
  async *lines(question: Question): AsyncGenerator<string> {
    const response = await this.#orNext(async (url) => {
      const begun = await this.#send(url, question, question.signal);
      if (!isFine(begun.statusCode ?? 0)) throw new Refused({ status: begun.statusCode ?? 0, text: await text(begun) });
      return begun;
    });
    response.setEncoding("utf8");
    let unended = "";
    for await (const chunk of response) {
      const lines = (unended + String(chunk)).split("\n");
      unended = lines.pop() ?? "";
      if (unended.length > lineCharactersMax) throw new Error("it answered a line without an end");
      yield* lines;
    }
    if (unended !== "") yield unended;
  }

  async #orNext<T>(use: (url: URL) => Promise<T>): Promise<T> {
    const url = this.#urls[this.#current % this.#urls.length];
    if (!url) throw new TypeError("an engine has at least one address");
    try {
      return await use(url);
    } catch (error) {
      if (!(error instanceof Refused) || error.status >= 500) this.#current += 1;
      else if (error.status === 401 || error.status === 403) this.#credentials.forget?.();
      throw error;
    }
  }

  async #send(url: URL, { method, path, body }: Question, signal: AbortSignal): Promise<IncomingMessage> {
    const [headers, ca] = await Promise.all([this.#credentials.headers?.(), this.#credentials.authorities?.()]);
    const content = body === undefined ? undefined : JSON.stringify(body);
    const target = new URL(url.origin + url.pathname.replace(/\/$/, "") + path);
    const options = {
      method,
      signal,
      headers: {
        ...headers,
        ...(content !== undefined && {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(content),
        }),
      },
    };
    return new Promise((resolve, reject) => {
      const request =
        target.protocol === "https:"
          ? requestOverTls(target, { ...options, ...(ca !== undefined && { ca }) })
          : requestInClear(target, options);
      request.once("response", resolve);
      request.once("error", (error) => reject(reasonable(error, signal, url)));
      request.end(content);
    });
  }
}

/** Credentials that are asked for once, and again when their time is over or they are refused. */
export function createTokens(
  login: () => Promise<{ readonly headers: Readonly<Record<string, string>>; readonly msMax: number }>,
): Credentials {
  let current: { readonly headers: Readonly<Record<string, string>>; readonly untilMs: number } | undefined;
  return {
    async headers() {
      if (!current || current.untilMs < performance.now()) {
        const { headers, msMax } = await login();
        current = { headers, untilMs: performance.now() + msMax };
      }
      return current.headers;
    },
    forget() {
      current = undefined;
    },
  };
}

/** @throws Error where the text is not JSON of this shape */
export function parseAnswer<T>(schema: z.ZodType<T>, content: string): T {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new Error(`it answered no JSON: ${content.trim().slice(0, 80)}`, { cause: error });
  }
  const result = schema.safeParse(value);
  if (!result.success) throw new Error(`it answered another shape: ${z.prettifyError(result.error).slice(0, 200)}`);
  return result.data;
}

const isFine = (status: number): boolean => status >= 200 && status < 300;

/** An abort says nothing about the server; a late answer does. */
const reasonable = (error: Error, signal: AbortSignal, url: URL): Error =>
  signal.aborted && signal.reason instanceof Error && signal.reason.name === "TimeoutError"
    ? new Error(`${url.host} does not answer`)
    : error;
