import type { Call } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { type Envelope, succeeded } from "./envelope.ts";

export const family = "resumable";

export type Handler = (request: HttpRequest, reply: HttpReply, call: Call) => Promise<unknown>;
export type Handlers = Readonly<Record<string, Handler>>;

/** The handler whose answer goes into the envelope. */
export const enveloped =
  (answer: (request: HttpRequest, call: Call) => Promise<object | undefined>): Handler =>
  async (request, _, call): Promise<Envelope> =>
    succeeded(await answer(request, call));
