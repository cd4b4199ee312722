import type { HttpReply, HttpRequest } from "#kernel/http/port";
import type { ClientOf } from "../../client-of.ts";
import type { Admission } from "../../identity/admission.ts";
import type { RawRoute } from "../../raw-route.ts";
import type { Entries } from "../entries.ts";
import type { Parameters } from "../parameters.ts";
import type { Caller, Callers } from "./caller.ts";
import { parametersOf } from "./parameters.ts";

export interface EndpointParts {
  readonly client: ClientOf;
  readonly admission: Admission;
  readonly callers: Callers;
  /** The origin clients reach this instance by. */
  readonly addressOf: (request: HttpRequest) => string;
  readonly entries: Entries;
}

export const family = "cloudfiles";
export const waitMs = 30_000;
/** Long enough for any upload over any connection. */
export const uploadWaitMs = 12 * 3_600_000;

export type Handler = (route: RawRoute, request: HttpRequest, reply: HttpReply) => Promise<unknown>;
export type Handlers = Readonly<Record<string, Handler>>;

/** The handler of a request that needs a signed-in caller. */
export const createCallerHandler =
  (
    callers: Callers,
    handle: (parameters: Parameters, caller: Caller, request: HttpRequest, reply: HttpReply) => Promise<unknown>,
  ): Handler =>
  async (route, request, reply) => {
    const parameters = await parametersOf(request);
    return handle(parameters, await callers.admit(route, request, reply, parameters, waitMs), request, reply);
  };

/** A SHA-1 as the services name it. */
export const sha1Hash = (hex: string) => ({ kind: "sha1" as const, hex });
