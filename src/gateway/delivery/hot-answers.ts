import type { IncomingMessage, ServerResponse } from "node:http";
import type { Counter } from "#kernel/telemetry/port";
import { sendWhole, takesWhole, type WholeAnswer, wholeAnswer } from "./whole-answer.ts";

interface Answer extends WholeAnswer {
  readonly status: string;
  /** On the monotonic clock; from then on it is decided anew who may have it. */
  readonly until: number;
}

type Headers = Readonly<Record<string, string | number>>;

/** A change of who may see a video reaches these answers within this time. */
const lifeMs = 4_000;
const answersMax = 5_000;

/**
 * Whole answers of public segments that were just given, given again before any routing: at a segment a second per
 * viewer, everything else a request passes through costs more than the segment itself.
 */
export class HotAnswers {
  readonly #answers = new Map<string, Answer>();
  readonly #served: Counter;
  readonly #bytesMax: number;
  #bytes = 0;
  #requests = 0;

  /** @param bytesMax of all answers together: ranges are the client's to choose, and each is an answer of its own. */
  constructor(served: Counter, bytesMax: number) {
    this.#served = served;
    this.#bytesMax = bytesMax;
  }

  /** Keeps what a request was just answered with, unless the answer depends on more than its address and range. */
  keep(request: IncomingMessage, status: number, headers: Headers, body: Buffer): void {
    if (request.method !== "GET" || isConditional(request)) return;
    const now = performance.now();
    const key = keyOf(request);
    this.#drop(key);
    const whole = wholeAnswer(status, forAnybody(headers), body);
    this.#answers.set(key, { ...whole, status: String(status), until: now + lifeMs });
    this.#bytes += whole.bytes.byteLength;
    // All live equally long, so the oldest are over first.
    for (const [oldest, { until }] of this.#answers) {
      if (until > now && this.#answers.size <= answersMax && this.#bytes <= this.#bytesMax) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#answers.get(key)?.bytes.byteLength ?? 0;
    this.#answers.delete(key);
  }

  /** Whether the request was answered; the front of the public port. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== "GET" || this.#answers.size === 0) return false;
    // A token that is not good is refused even where none is needed; players of public videos send none.
    if (request.headers.authorization !== undefined) return false;
    const answer = this.#answers.get(keyOf(request));
    if (!answer || answer.until < performance.now() || isConditional(request)) return false;
    if (!takesWhole(request, response)) return false;
    this.#requests = (this.#requests + 1) % 1_000_000_000;
    sendWhole(response, answer, `h${this.#requests}-${process.pid}`);
    this.#served.add(1, { service: "streaming", method: "GET", status: answer.status });
    return true;
  }
}

/** Without what was said to the one who asked first. */
const forAnybody = (headers: Headers): Headers =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:x-ratelimit-|x-request-id$|set-cookie$)/.test(name)),
  );
const keyOf = ({ url = "", headers }: IncomingMessage): string => `${url} ${headers.range ?? ""}`;
const isConditional = ({ headers }: IncomingMessage): boolean =>
  headers["if-range"] !== undefined || headers["if-none-match"] !== undefined;
