import type { IncomingMessage, ServerResponse } from "node:http";
import type { Front } from "#kernel/http/port";

type Asked = Pick<IncomingMessage, "method" | "url" | "headers">;
type Headers = Readonly<Record<string, string>>;

/** Paths that other sites may read, and write where the operator allows it: the API, its document and the feeds. */
const isOpen = (url: string): boolean => /^\/(?:api\/v1\/|openapi\.json|feeds\/)/.test(url);
const isRead = (method: string | undefined): boolean => method === "GET" || method === "HEAD";

/**
 * OPTIONS is no preflight alone: clients of WHIP and tus ask with it which methods an address has, and send their
 * token.
 */
const methods = "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE";
/** Headers that pages may send: those of the API and of tus 1.0. Cookies are no way in, so `x-kinora-session` is absent. */
const requestHeaders = [
  "authorization, content-type, idempotency-key, if-match, if-none-match, range, traceparent, x-http-method-override",
  "x-kinora-unlock, x-request-id, tus-resumable, upload-checksum, upload-concat, upload-defer-length, upload-length",
  "upload-metadata, upload-offset",
].join(", ");
const publicRequestHeaders = "if-none-match, range, traceparent, x-request-id";
const responseHeaders = [
  "accept-post, etag, link, location, retry-after, www-authenticate, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset",
  "x-request-id, tus-checksum-algorithm, tus-extension, tus-max-size, tus-resumable, tus-version, upload-concat",
  "upload-defer-length, upload-expires, upload-length, upload-metadata, upload-offset",
].join(", ");
const rememberedSeconds = "7200";

interface Permission {
  /** It is the whole answer to a preflight. */
  readonly isPreflight: boolean;
  readonly headers: Headers;
}

/**
 * The permissions of a page of another origin (Fetch §3.3). Every page may read public data without credentials. Pages
 * of the listed origins may use the API with a token; `*` lists all. Credentials of the browser are never allowed, and
 * an origin that is not listed is never repeated. Pure.
 */
export function permissionFor(
  { method, url = "", headers }: Asked,
  origins: readonly string[],
): Permission | undefined {
  const { origin } = headers;
  if (origin === undefined || !isOpen(url)) return undefined;
  const requested = headers["access-control-request-method"];
  const isPreflight = method === "OPTIONS" && requested !== undefined;
  const isListed = origins.includes("*") || origins.includes(origin);
  if (!isListed && !isRead(isPreflight ? requested : method)) return undefined;
  const allowed = isListed && !origins.includes("*") ? origin : "*";
  const answer = {
    "access-control-allow-origin": allowed,
    "access-control-expose-headers": responseHeaders,
    ...(origins.length > 0 && { vary: "Origin" }),
  };
  if (!isPreflight) return { isPreflight, headers: answer };
  return {
    isPreflight,
    headers: {
      ...answer,
      "access-control-allow-methods": isListed ? methods : "GET, HEAD",
      "access-control-allow-headers": isListed ? requestHeaders : publicRequestHeaders,
      "access-control-max-age": rememberedSeconds,
    },
  };
}

/** Answers preflights, and adds to other answers which pages may read them. */
export const createCrossOrigin =
  (origins: readonly string[]): Front =>
  (request: IncomingMessage, response: ServerResponse) => {
    const permission = permissionFor(request, origins);
    if (!permission) return false;
    for (const [name, value] of Object.entries(permission.headers)) response.setHeader(name, value);
    if (!permission.isPreflight) return false;
    response.writeHead(204, { "cache-control": "private, no-store" });
    response.end();
    return true;
  };
