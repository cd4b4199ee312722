import { type Call, KinoraError, type Method } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { decodeJwt } from "jose";
import { auth, Session } from "#services/auth/contract";
import type { Input, RouteHooks } from "../pipeline.ts";
import { readCookie, setDevice, setFlow, setSession, wantsCookies } from "./cookie.ts";
import type { Viewers } from "./viewers.ts";

const {
  challenge,
  linkProvider,
  confirmByProvider,
  loginByWallet,
  refresh,
  verify,
  logout,
  signOut: alsoLogout,
  deleteAccount,
  changePassword,
  endSession,
  endOthers,
} = auth.methods;
/** These end some or all sessions of their caller. */
const ending: ReadonlySet<Method> = new Set([deleteAccount, changePassword, endSession, endOthers]);
/** These end the session of the token they are called with. */
const signingOut: ReadonlySet<Method> = new Set([logout, alsoLogout, deleteAccount]);

/** Keeps sessions of the web app in cookies, and forgets verified tokens whose session ended. Empty for most methods. */
export function createSessionHooks(method: Method, viewers: Viewers): RouteHooks {
  const isEnding = ending.has(method);
  const isSigningOut = signingOut.has(method);
  // With a wallet that is linked to an account no session begins, and there are no tokens.
  const isBeginning = method.output === Session || method === loginByWallet;
  if (method === challenge) return { onAnswer: withDevice };
  if (method === linkProvider || method === confirmByProvider) return { onAnswer: withFlow };
  if (method === verify) return { onAnswer: withExpiry };
  if (!isEnding && !isSigningOut && !isBeginning && method !== refresh) return {};
  return {
    ...(method === refresh && { input: withRefreshToken, failed: clearEndedSession }),
    onAnswer(answer, { userId, device }: Call, request, reply) {
      if (isEnding && userId !== undefined) viewers.forgetAll(userId);
      if (isSigningOut) signOut(viewers, request, reply);
      else if (isBeginning && hasToken(answer) && wantsCookies(request))
        return storeSession(answer, request, reply, device);
      return answer;
    },
  };
}

const hasToken = (answer: object): boolean => (answer as Partial<Session>).token !== undefined; // The output of a sign-in.

/** A challenge is answered from the browser that asked for it alone. */
function withDevice(answer: object, { device }: Call, request: HttpRequest, reply: HttpReply): object {
  if (device !== undefined) setDevice(request, reply, device);
  return answer;
}

/** The browser comes back from the provider with a cookie, which no script reads. */
function withFlow(answer: object, _: Call, request: HttpRequest, reply: HttpReply): object {
  const { flow, ...departure } = answer as { flow?: string }; // The output of both methods.
  setFlow(request, reply, flow);
  return departure;
}

/** The end of the very token of the request, where it has one of its own: opaque tokens end with their session. */
function withExpiry(answer: object, _: Call, request: HttpRequest): object {
  const token = tokenOf(request) ?? "";
  if (!token.includes(".")) return answer;
  const { exp } = decodeJwt(token);
  return exp === undefined ? answer : { ...answer, expiresAtMs: exp * 1_000 };
}

const tokenOf = (request: HttpRequest): string | undefined =>
  request.headers.authorization?.split(" ")[1] ?? readCookie(request, "access");

/** Takes the refresh token from the cookie where the body has none. */
function withRefreshToken(input: Input, request: HttpRequest): Input {
  if (input["refreshToken"] !== undefined || !wantsCookies(request)) return input;
  const refreshToken = readCookie(request, "refresh");
  return refreshToken === undefined ? input : { ...input, refreshToken };
}

/** Clears the cookies of a session that cannot be renewed. A failure to ask leaves them: the session may still stand. */
function clearEndedSession(error: unknown, request: HttpRequest, reply: HttpReply): void {
  const isEnded =
    error instanceof KinoraError &&
    error.kind !== "unavailable" &&
    error.kind !== "internal" &&
    error.kind !== "exhausted";
  if (isEnded && wantsCookies(request)) setSession(request, reply, undefined);
}

function signOut(viewers: Viewers, request: HttpRequest, reply: HttpReply): void {
  const token = tokenOf(request);
  if (token !== undefined) viewers.forget(token);
  if (readCookie(request, "access") !== undefined) setSession(request, reply, undefined);
}

/** Puts the tokens into cookies, out of reach of scripts; the answer goes out without them. */
function storeSession(answer: object, request: HttpRequest, reply: HttpReply, device: string | undefined): object {
  const { token, refreshToken, ...withoutTokens } = answer as Session; // The method's own output.
  setSession(request, reply, { token, refreshToken }, device);
  return withoutTokens;
}
