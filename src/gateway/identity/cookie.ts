import { randomBytes } from "node:crypto";
import type { HttpReply, HttpRequest } from "#kernel/http/port";

/** The web app's session: two HttpOnly cookies, so that no script can read a token. */
export interface SessionTokens {
  readonly token: string;
  readonly refreshToken: string;
}

const lifeSeconds = { session: 30 * 24 * 3_600, device: 365 * 24 * 3_600, flow: 600 };
type Name = "access" | "refresh" | "device" | "flow";

/** `__Host-` binds a cookie to this very host over HTTPS; browsers refuse it over plain HTTP. */
const nameOf = (request: HttpRequest, name: Name): string =>
  request.protocol === "https" ? `__Host-kinora_${name}` : `kinora_${name}`;

/** True if the caller wants its session kept in cookies, as the web app does. */
export const wantsCookies = (request: HttpRequest): boolean => request.headers["x-kinora-session"] === "cookie";

/** Sets the cookies of a session, or clears them; the `device` of a sign-in is known for a year. */
export function setSession(
  request: HttpRequest,
  reply: HttpReply,
  tokens: SessionTokens | undefined,
  device?: string,
): void {
  reply.header("set-cookie", [
    cookieOf(request, "access", tokens?.token, lifeSeconds.session),
    cookieOf(request, "refresh", tokens?.refreshToken, lifeSeconds.session),
    ...(device === undefined ? [] : [cookieOf(request, "device", device, lifeSeconds.device)]),
  ]);
}

/** Sets the cookie by which a browser is known, before a sign-in. */
export function setDevice(request: HttpRequest, reply: HttpReply, device: string): void {
  reply.header("set-cookie", [cookieOf(request, "device", device, lifeSeconds.device)]);
}

/** Sets the cookie of a browser that leaves for a provider, or clears it; the one before belongs to no way back. */
export function setFlow(request: HttpRequest, reply: HttpReply, flow: string | undefined): void {
  reply.header("set-cookie", [cookieOf(request, "flow", flow, lifeSeconds.flow)]);
}

function cookieOf(request: HttpRequest, name: Name, value: string | undefined, seconds: number): string {
  const secure = request.protocol === "https" ? "; Secure" : "";
  return `${nameOf(request, name)}=${value ?? ""}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${value === undefined ? 0 : seconds}${secure}`;
}

/** The random text by which a browser's next sign-in is known: the one it has, or a new one. */
export function deviceOf(request: HttpRequest): string {
  const device = readCookie(request, "device");
  return device !== undefined && /^[\w-]{22}$/.test(device) ? device : randomBytes(16).toString("base64url");
}

export function readCookie(request: HttpRequest, name: Name): string | undefined {
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
