import { type Call, failure, KinoraError, type Method, newCall, type Rate } from "#kernel";
import { ScopeMissing } from "#kernel/errors";
import { admit as assertMayCall } from "#kernel/host/chain";
import { permits, type ScopeRule, scopesOf } from "#kernel/scopes/scopes";
import type { EntryDirection } from "#services/auth/contract";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import type { AddressPseudonyms } from "./address-pseudonyms.ts";
import { deviceOf, isSameOrigin, readCookie, wantsCookies } from "./cookie.ts";
import { preferredLanguage } from "./language.ts";
import { type Allowance, allowanceOf, type RateLimits } from "./rate-limits.ts";
import type { Viewer, Viewers } from "./viewers.ts";

export const WrongOrigin = failure("denied", "gateway.wrong_origin", "this request comes from another site");

const idempotencyKeyMax = 200;
/** The owner of an account learns nothing from a longer description of a client. */
const agentLengthMax = 200;

type Declared = Pick<Method, "auth" | "rate" | "kind" | "freshness"> & {
  /** The scopes by which personal tokens are admitted; none where it is undefined. */
  readonly scope: ScopeRule | undefined;
  /**
   * The place of the token: the header alone, or another place of a compatible API, which has read it already. By
   * default also the cookie of the web app's pages, which the compatible APIs never read (security S1.7).
   */
  readonly credential?: "header" | { readonly token: string };
  /** The entry tokens that it takes beside all others. */
  readonly entry?: EntryDirection;
};
type Caller = Pick<Call, "userId" | "source">;

interface AdmissionParts {
  readonly viewers: Viewers;
  readonly limits: RateLimits;
  readonly pseudonyms: AddressPseudonyms;
}

/** Decides who calls, whether they may, and whether they call too often: for every public route alike. */
export class Admission {
  readonly #viewers: Viewers;
  readonly #limits: RateLimits;
  readonly #pseudonyms: AddressPseudonyms;

  constructor({ viewers, limits, pseudonyms }: AdmissionParts) {
    this.#viewers = viewers;
    this.#limits = limits;
    this.#pseudonyms = pseudonyms;
  }

  /** An invalid token is refused even where none is needed. `group` is the one that requests are counted in. */
  async admit(
    method: Declared,
    group: string,
    request: HttpRequest,
    reply: HttpReply,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<Call> {
    const call = await this.identify(method, request, waitMs, signal);
    assertMayCall(method, call);
    const allowance = await this.count(method.rate, group, call).catch((error: unknown) => {
      const exhausted = allowanceOf(error);
      if (exhausted) writeAllowance(reply, exhausted);
      throw error;
    });
    if (allowance) writeAllowance(reply, allowance);
    const key = request.headers["idempotency-key"];
    // Answers to a sign-in are never stored: they hold tokens, and even the hash of the input would be one of a password.
    // Clients of other systems do not mean our header.
    const isStorable = method.rate !== "login" && method.credential === undefined;
    const hasKey = isStorable && typeof key === "string" && key.length > 0 && key.length <= idempotencyKeyMax;
    return hasKey ? { ...call, idempotencyKey: key } : call;
  }

  /** The call that a request begins: its trace, its deadline, the pseudonym of its address, and who is signed in. */
  async identify(method: Declared, request: HttpRequest, waitMs: number, signal?: AbortSignal): Promise<Call> {
    const source = await this.#pseudonyms.of(request.ip);
    const agent = request.headers["user-agent"]?.slice(0, agentLengthMax);
    const language = preferredLanguage(request.headers["accept-language"]);
    const unlock = unlockToken(request);
    const call = newCall({
      traceId: request.traceId,
      source,
      waitMs,
      ...(agent && { agent }),
      ...(language && { language }),
      ...(signal && { signal }),
      ...(unlock !== undefined && { unlock }),
      // Known where a sign-in may follow; a cookie of compatible APIs is never read.
      ...(method.rate === "login" &&
        method.credential === undefined &&
        wantsCookies(request) && { device: deviceOf(request) }),
    });
    const viewer = await this.#viewerOf(method, request, call);
    if (!viewer) return call;
    mustHoldScope(viewer, method.scope);
    const { scopes: _, ...identity } = viewer;
    return { ...call, ...identity };
  }

  /** As {@link admit} for a gRPC call, which has a bearer token or none; the callee decides whether the caller may. */
  async admitGuest(
    { rate, scope, freshness }: Pick<Declared, "rate" | "scope" | "freshness">,
    group: string,
    { authorization, address }: { readonly authorization: string | undefined; readonly address: string },
    call: Call,
  ): Promise<{ readonly source: string } & Partial<Viewer>> {
    const source = await this.pseudonym(address);
    const [, token = ""] = authorization?.match(/^Bearer +(\S+)$/i) ?? [];
    const isFreshNeeded = freshness !== undefined;
    const viewer =
      authorization === undefined ? undefined : await this.#viewers.of(token, { ...call, source }, { isFreshNeeded });
    if (viewer) mustHoldScope(viewer, scope);
    await this.count(rate, group, { source, ...viewer });
    return { source, ...viewer };
  }

  /** @throws BadToken */
  viewer(token: string, call: Call): Promise<Viewer> {
    return this.#viewers.of(token, call);
  }

  /** Counts a request of an account, or of an address where nobody is signed in. @throws RateLimited */
  count(rate: Rate, group: string, caller: Caller): Promise<Allowance | undefined> {
    return this.#limits.count(rate, group, caller);
  }

  /** The pseudonym of the address today. Never fails. */
  pseudonym(address: string): Promise<string> {
    return this.#pseudonyms.of(address);
  }

  async #viewerOf(method: Declared, request: HttpRequest, call: Call): Promise<Viewer | undefined> {
    const needs = { direction: method.entry, isFreshNeeded: method.freshness !== undefined };
    if (typeof method.credential === "object") return this.#viewers.of(method.credential.token, call, needs);
    const { authorization } = request.headers;
    const [, bearer] = authorization?.match(/^Bearer +(\S+)$/i) ?? [];
    if (bearer !== undefined) return this.#viewers.of(bearer, call, needs);
    if (authorization !== undefined) return this.#viewers.of("", call);
    const cookie = method.credential === "header" ? undefined : readCookie(request, "access");
    if (cookie === undefined) return undefined;
    if (method.kind === "command" && !isSameOrigin(request)) throw WrongOrigin({});
    // The browser sends an expired cookie with every request, also where nobody needs to be signed in: it is ignored there.
    // A cookie that cannot be verified now is an error: otherwise its owner would read that their own things do not exist.
    return this.#viewers.of(cookie, call, { isFreshNeeded: method.freshness !== undefined }).catch((error: unknown) => {
      if (method.auth === "public" && error instanceof KinoraError && error.kind === "unauthenticated")
        return undefined;
      throw error;
    });
  }
}

/** @throws ScopeMissing where a personal token has no scope of the route, with those of which it needs one */
function mustHoldScope({ scopes }: Viewer, rule: ScopeRule | undefined): void {
  if (scopes !== undefined && !permits(rule, scopes)) throw ScopeMissing({ shown: { needed: [...scopesOf(rule)] } });
}

function writeAllowance(reply: HttpReply, { limit, remaining, resetSeconds }: Allowance): void {
  reply.header("x-ratelimit-limit", limit);
  reply.header("x-ratelimit-remaining", remaining);
  reply.header("x-ratelimit-reset", resetSeconds);
}

/** The proof that a password-protected video was unlocked; the service that issued it verifies it. */
function unlockToken(request: HttpRequest): string | undefined {
  const header = request.headers["x-kinora-unlock"];
  return typeof header === "string" && /^[\w.-]{1,200}$/.test(header) ? header : undefined;
}
