import { type Call, KinoraError, type Method } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { auth, Session } from "#services/auth/contract";
import { readCookie, setSession, wantsCookies } from "./cookie.ts";
import type { Input } from "../rest/rest.ts";
import type { Viewers } from "./viewer.ts";

const { refresh, logout, deleteAccount } = auth.methods;
/** After these some or all sessions of whoever asked are over. */
const ending: ReadonlySet<Method> = new Set([
  deleteAccount,
  auth.methods.changePassword,
  auth.methods.endSession,
  auth.methods.endOthers,
]);

/** The refresh token of the cookie, where the web app sends none of its own. */
export function withCookieToken(method: Method, input: Input, request: HttpRequest): Input {
  if (method !== refresh || input["refreshToken"] !== undefined || !wantsCookies(request)) return input;
  const refreshToken = readCookie(request, "refresh");
  return refreshToken === undefined ? input : { ...input, refreshToken };
}

/** Clears the cookies of a session that cannot be renewed any more; one that could not be asked for is kept. */
export function dropSession(method: Method, error: unknown, request: HttpRequest, reply: HttpReply): void {
  const isOver =
    error instanceof KinoraError &&
    error.kind !== "unavailable" &&
    error.kind !== "internal" &&
    error.kind !== "exhausted";
  if (method === refresh && isOver && wantsCookies(request)) setSession(request, reply, undefined);
}

/** Puts new sessions into cookies for the web app, which then sees no token; ends them with the session. */
export function keepSession(viewers: Viewers) {
  return (method: Method, answer: object, request: HttpRequest, reply: HttpReply, { userId }: Call): object => {
    if (ending.has(method) && userId !== undefined) viewers.forgetAll(userId);
    if (method === logout || method === deleteAccount) {
      const token = request.headers.authorization?.split(" ")[1] ?? readCookie(request, "access");
      if (token !== undefined) viewers.forget(token);
      if (readCookie(request, "access") !== undefined) setSession(request, reply, undefined);
      return answer;
    }
    if (method.output !== Session || !wantsCookies(request)) return answer;
    const { token, refreshToken, ...shown } = answer as Session; // This is the method's own output.
    setSession(request, reply, { token, refreshToken });
    return shown;
  };
}
