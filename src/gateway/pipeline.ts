import type { Call } from "#kernel";
import type { HttpReply, HttpRequest, HttpRoute } from "#kernel/http/port";

export type Input = Record<string, unknown>;

/** The steps of one route, each made once when the route is registered. */
export interface Steps {
  /** Identifies the caller and checks their permission and rate. */
  readonly admit: (request: HttpRequest, reply: HttpReply) => Promise<Call>;
  /** The contract's input, in the contract's spelling; the body is read here, by callers who were admitted. */
  readonly read: (request: HttpRequest, call: Call) => Promise<Input>;
  readonly call: (input: Input, call: Call, request: HttpRequest, reply: HttpReply) => Promise<object>;
  /** Undefined where the answer belongs to one service. */
  readonly compose: ((answer: object, call: Call) => Promise<object>) | undefined;
  readonly write: (answer: object, input: Input, call: Call, request: HttpRequest, reply: HttpReply) => HttpReply;
}

/** Hooks that a few methods need beside the steps, such as tokens of the web app in cookies. */
export interface RouteHooks {
  readonly input?: (input: Input, request: HttpRequest) => Input;
  /** The answer while the service is unavailable; undefined where there is none. @throws what its own services throw */
  readonly instead?: (input: Input, call: Call) => Promise<object | undefined>;
  readonly failed?: (error: unknown, request: HttpRequest, reply: HttpReply) => void;
  readonly onAnswer?: (answer: object, call: Call, request: HttpRequest, reply: HttpReply) => object;
}

/**
 * One request of the native API. Admission comes before reading: a stranger gets 401 whatever the request contains, and
 * what is read may depend on the caller.
 */
export function createPipeline({ admit, read, call: callService, compose, write }: Steps): HttpRoute["handler"] {
  return async (request, reply) => {
    const call = await admit(request, reply);
    const input = await read(request, call);
    const answer = await callService(input, call, request, reply);
    const composed = compose ? await compose(answer, call) : answer;
    return write(composed, input, call, request, reply);
  };
}
