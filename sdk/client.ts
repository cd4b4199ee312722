import { KinoraError } from "./error.ts";
import type { OperationId } from "./generated.ts";
import { operationNamed } from "./operation.ts";
import { pause } from "./pause.ts";
import { type Answer, type Input, type Output, read, send, type Transport } from "./request.ts";
import { retryMs } from "./retry.ts";

/** The token to send. After a 401 it is asked once more, with the token that was refused, so that it can renew it. */
export type TokenProvider = (refused?: string) => string | undefined | Promise<string | undefined>;

export interface ClientOptions extends Transport {
  /** The token of the user; without it requests are those of a visitor. */
  readonly token?: string | TokenProvider;
  /** How often a read that failed for a passing reason is asked again: twice when left out. */
  readonly retries?: number;
}

/** No caller should wait longer for another attempt. */
const waitMsMax = 30_000;
const retriesDefault = 2;

/** A client of one instance. */
export class Kinora {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = { ...options, baseUrl: options.baseUrl.replace(/\/+$/, "") };
  }

  /**
   * Asks one operation of the API, by its `operationId`; resolves to the `data` of its answer. Reads are asked again
   * after failures that pass. An operation that changes something is asked once: give it an `idempotencyKey` to repeat it.
   * @throws {KinoraError} why it failed; what `signal` was aborted with
   */
  async ask<Id extends OperationId>(operation: Id, input: Input<Id>): Promise<Output<Id>> {
    const retries = operationNamed(operation).verb === "GET" ? (this.#options.retries ?? retriesDefault) : 0;
    for (let failures = 0; ; failures += 1) {
      try {
        // The server builds its answers from the description these types are made from.
        return read(await this.#send(operation, input)) as Output<Id>;
      } catch (thrown) {
        if (input.signal?.aborted === true || failures >= retries) throw thrown;
        const waitMs = thrown instanceof KinoraError ? retryMs(thrown, failures) : null;
        if (waitMs === null || waitMs > waitMsMax) throw thrown;
        await pause(waitMs, input.signal);
      }
    }
  }

  /** The address of the WebSocket with the updates after `after`, which opens once. */
  async socketUrl(after: number, signal?: AbortSignal): Promise<URL> {
    const { ticket } = await this.ask("message.ticket", { body: {}, signal });
    const url = new URL(`${this.#options.baseUrl}/api/v1/ws`);
    url.protocol = url.protocol.replace("http", "ws");
    url.search = String(new URLSearchParams({ ticket, after: String(after) }));
    return url;
  }

  async #send<Id extends OperationId>(operation: Id, input: Input<Id>): Promise<Answer> {
    const { token } = this.#options;
    if (typeof token !== "function") return send(this.#options, operation, input, token);
    const first = await token();
    const answer = await send(this.#options, operation, input, first);
    if (answer.status !== 401) return answer;
    const renewed = await token(first);
    return renewed === first ? answer : send(this.#options, operation, input, renewed);
  }
}
