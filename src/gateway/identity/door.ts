import { type Call, failure, KinoraError, type Method, newCall, type Rate } from "#kernel";
import { admit } from "#kernel/host/chain";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { isSameOrigin, readCookie } from "./cookie.ts";
import { type Admission, overLimit } from "./limits.ts";
import type { Sources } from "./sources.ts";
import type { Viewer } from "./viewer.ts";

/** What every public route asks before anything else happens. */
export interface Door {
  viewer(token: string, call: Call): Promise<Viewer>;
  admit(rate: Rate, group: string, who: string): Promise<Admission | undefined>;
  readonly sources: Sources;
}

export const WrongOrigin = failure("denied", "gateway.wrong_origin", "this request comes from another site");

const idempotencyKeyMax = 200;
/** More of what a client says it is tells its owner nothing. */
const agentLengthMax = 200;

type Declared = Pick<Method, "auth" | "rate" | "kind"> & {
  /**
   * Where a token is looked for: in the header alone, or it was found where another API has it. Else also in our own
   * pages' cookie, which the compatible APIs never read (security S1.7).
   */
  readonly credential?: "header" | { readonly token: string };
};

/**
 * Who asks, may they, how often: in this order, for every route alike. A token that is not good is refused even where
 * none is needed.
 */
export async function admitted(
  door: Door,
  method: Declared,
  group: string,
  request: HttpRequest,
  reply: HttpReply,
  waitMs: number,
  signal?: AbortSignal,
): Promise<Call> {
  const call = await identified(door, method, request, waitMs, signal);
  admit(method, call);
  const who = call.userId === undefined ? `from:${call.source}` : `user:${call.userId}`;
  const tell = ({ limit, remaining, resetSeconds }: Admission) => {
    reply.header("x-ratelimit-limit", limit);
    reply.header("x-ratelimit-remaining", remaining);
    reply.header("x-ratelimit-reset", resetSeconds);
  };
  const counted = await door.admit(method.rate, group, who).catch((error: unknown) => {
    const over = overLimit(error);
    if (over) tell(over);
    throw error;
  });
  if (counted) tell(counted);
  const key = request.headers["idempotency-key"];
  // What signs in is never kept: the answer holds tokens, and even the hash of its input would be one of a password.
  // Other systems' clients mean nothing of ours by such a header.
  const isKept = method.rate !== "login" && method.credential === undefined;
  const isKeyed = isKept && typeof key === "string" && key.length > 0 && key.length <= idempotencyKeyMax;
  return isKeyed ? { ...call, idempotencyKey: key } : call;
}

/** The call a request begins: its trace, its deadline, where it comes from and who is signed in. */
export async function identified(
  door: Door,
  method: Declared,
  request: HttpRequest,
  waitMs: number,
  signal?: AbortSignal,
): Promise<Call> {
  const source = await door.sources.of(request.ip);
  const agent = request.headers["user-agent"]?.slice(0, agentLengthMax);
  const unlock = unlockIn(request);
  const call = newCall({
    traceId: request.traceId,
    source,
    waitMs,
    ...(agent && { agent }),
    ...(signal && { signal }),
    ...(unlock !== undefined && { unlock }),
  });
  const viewer = await whoAsks(door, method, request, call);
  return viewer ? { ...call, ...viewer } : call;
}

/** What a player was given for a password; whether it is good is for the service to say that gave it. */
function unlockIn(request: HttpRequest): string | undefined {
  const given = request.headers["x-kinora-unlock"];
  return typeof given === "string" && /^[\w.-]{1,200}$/.test(given) ? given : undefined;
}

async function whoAsks(door: Door, method: Declared, request: HttpRequest, call: Call): Promise<Viewer | undefined> {
  if (typeof method.credential === "object") return door.viewer(method.credential.token, call);
  const [, bearer] = request.headers.authorization?.match(/^Bearer +(\S+)$/i) ?? [];
  if (bearer !== undefined) return door.viewer(bearer, call);
  if (request.headers.authorization !== undefined) return door.viewer("", call);
  const cookie = method.credential === "header" ? undefined : readCookie(request, "access");
  if (cookie === undefined) return undefined;
  if (method.kind === "command" && !isSameOrigin(request)) throw WrongOrigin({});
  // A cookie that ran out comes with every request of the browser, also where nobody needs to be signed in. One that
  // cannot be looked at right now is another thing: its owner would be told that what is theirs does not exist.
  return door.viewer(cookie, call).catch((error: unknown) => {
    if (method.auth === "public" && error instanceof KinoraError && error.kind === "unauthenticated") return undefined;
    throw error;
  });
}
