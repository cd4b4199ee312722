import { BadToken } from "#policy/account";
import type { Call, Id } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import type { ClientOf } from "../../client-of.ts";
import type { Admission } from "../../identity/admission.ts";
import type { RawRoute } from "../../raw-route.ts";
import type { Parameters } from "../parameters.ts";
import { successOf } from "./envelope.ts";
import { optionalIdIn, parametersOf } from "./parameters.ts";
import { Presenter } from "./presenter.ts";

export interface EndpointParts {
  readonly admission: Admission;
  readonly client: ClientOf;
  /** The origin clients reach this instance by. */
  readonly addressOf: (request: HttpRequest) => string;
}

export const family = "douyin";
export type Handler = (route: RawRoute, request: HttpRequest, reply: HttpReply) => Promise<unknown>;
export type Handlers = Readonly<Record<string, Handler>>;

/** A request that was admitted. */
export interface DouyinRequest {
  readonly parameters: Parameters;
  readonly call: Call;
  readonly presenter: Presenter;
}

const waitMsUsual = 30_000;

/** The common parts of this API's endpoints: where the token is, and the envelope. */
export class Endpoints {
  readonly #parts: EndpointParts;

  constructor(parts: EndpointParts) {
    this.#parts = parts;
  }

  /** A request whose token is a parameter, or in the header. @throws BadToken, RateLimited */
  async admit(
    route: RawRoute,
    request: HttpRequest,
    reply: HttpReply,
    { token = "" }: Parameters,
    waitMs = waitMsUsual,
  ): Promise<Call> {
    // A missing token is answered as a wrong one.
    if (route.auth === "user" && token === "" && request.headers.authorization === undefined) throw BadToken({});
    const credential = token === "" ? ("header" as const) : { token };
    return this.#parts.admission.admit({ ...route, credential }, route.group, request, reply, waitMs);
  }

  /** A request without a token among its parameters. @throws RateLimited */
  admitAnonymous(route: RawRoute, request: HttpRequest, reply: HttpReply): Promise<Call> {
    return this.#parts.admission.admit(route, route.group, request, reply, waitMsUsual);
  }

  /** Counts a request that has not said yet who sends it. @throws RateLimited */
  async countAddress(route: RawRoute, request: HttpRequest): Promise<void> {
    const { admission } = this.#parts;
    await admission.count(route.rate, route.group, { source: await admission.pseudonym(request.ip) });
  }

  /** The handler that admits a request and puts the answer into the envelope. */
  handler(answer: (request: DouyinRequest) => Promise<object | undefined>): Handler {
    return async (route, request, reply) => {
      const parameters = await parametersOf(request);
      const call = await this.admit(route, request, reply, parameters);
      const { client, addressOf } = this.#parts;
      const presenter = new Presenter(client, addressOf(request), call);
      return successOf(await answer({ parameters, call, presenter }));
    };
  }
}

/** The user a request is about; the caller where none is named. @throws BadToken where nobody is signed in either */
export function userIdIn({ parameters, call }: DouyinRequest): Id {
  const id = optionalIdIn(parameters, "user_id") ?? call.userId;
  if (id === undefined) throw BadToken({});
  return id;
}

const pageMax = 100;
/** Lists of this API have no pages, and end here. */
export const listMax = 1_000;

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** All rows of a list, up to {@link listMax}. */
export async function allRows<T>(
  readPage: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const rows: T[] = [];
  for (let cursor: string | undefined; rows.length < listMax; ) {
    const { items, next } = await readPage({ limit: pageMax, ...(cursor !== undefined && { cursor }) });
    rows.push(...items);
    if (next === null) break;
    cursor = next;
  }
  return rows;
}
