import type { HttpReply, HttpRequest } from "#kernel/http/port";

/** The web app's session: two HttpOnly cookies, so that no script can read a token. */
export interface SessionTokens {
  readonly token: string;
  readonly refreshToken: string;
}

const lifeSeconds = 30 * 24 * 3_600;

/** `__Host-` binds a cookie to this very host over HTTPS; browsers refuse it over plain HTTP. */
const nameOf = (request: HttpRequest, name: "access" | "refresh"): string =>
  request.protocol === "https" ? `__Host-kinora_${name}` : `kinora_${name}`;

/** True if the caller wants its session kept in cookies, as the web app does. */
export const wantsCookies = (request: HttpRequest): boolean => request.headers["x-kinora-session"] === "cookie";

export function setSession(request: HttpRequest, reply: HttpReply, tokens: SessionTokens | undefined): void {
  const secure = request.protocol === "https" ? "; Secure" : "";
  const cookie = (name: "access" | "refresh", value: string | undefined) =>
    `${nameOf(request, name)}=${value ?? ""}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${value === undefined ? 0 : lifeSeconds}${secure}`;
  reply.header("set-cookie", [cookie("access", tokens?.token), cookie("refresh", tokens?.refreshToken)]);
}

export function readCookie(request: HttpRequest, name: "access" | "refresh"): string | undefined {
  const header = request.headers.cookie;
  if (header === undefined) return undefined;
  const prefix = `${nameOf(request, name)}=`;
  const cookie = header
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix));
  return cookie?.slice(prefix.length) || undefined;
}

/**
 * True if a request with cookies comes from the web app's pages: by Origin, else by Sec-Fetch-Site. Every current
 * browser sends one of them; another client may send a token instead.
 */
export function isSameOrigin(request: HttpRequest): boolean {
  const { origin } = request.headers;
  if (origin !== undefined) return origin === `${request.protocol}://${request.host}`;
  return request.headers["sec-fetch-site"] === "same-origin";
}
