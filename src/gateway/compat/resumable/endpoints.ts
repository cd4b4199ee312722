import type { Call } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { type Envelope, successOf } from "./envelope.ts";

export const family = "resumable";

export type Handler = (request: HttpRequest, reply: HttpReply, call: Call) => Promise<unknown>;
export type Handlers = Readonly<Record<string, Handler>>;

/** The handler whose answer goes into the envelope. */
export const withEnvelope =
  (answer: (request: HttpRequest, call: Call) => Promise<object | undefined>): Handler =>
  async (request, _, call): Promise<Envelope> =>
    successOf(await answer(request, call));
