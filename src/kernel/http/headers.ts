import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { newTraceId } from "../trace.ts";

/** On every answer; pages replace the policy by their own. API answers are private unless a route says otherwise. */
export const commonHeaders = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "strict-origin-when-cross-origin",
  "cross-origin-opener-policy": "same-origin",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "private, no-store",
};

export const newRequestId = (): string => newTraceId().slice(16);

/** The header of a 401 (RFC 6750 §3): why the token was refused, where one was sent. */
export const challengeOf = ({ message }: { readonly message: string }, hasToken: boolean): string =>
  hasToken ? `Bearer realm="kinora", error="invalid_token", error_description="${message}"` : 'Bearer realm="kinora"';

const saneId = /^[\w.:-]{1,128}$/;

/** The client's own id where it can be returned and logged as it is. */
export function requestIdOf({ headers }: { readonly headers: IncomingHttpHeaders }): string {
  const requestId = headers["x-request-id"];
  return typeof requestId === "string" && saneId.test(requestId) ? requestId : newRequestId();
}

export function traceIdOf({ headers }: { readonly headers: IncomingHttpHeaders }): string {
  const traceparent = headers["traceparent"];
  if (traceparent === undefined) return newTraceId();
  const [, trace] =
    (typeof traceparent === "string" && traceparent.match(/^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/)) || [];
  return trace ?? newTraceId();
}

/**
 * True if two servers may read an HTTP/1 request differently, though Node accepts it. It has no host or two of them
 * (RFC 9112 §3.2; Node passes the first of several on), or is one of HTTP/1.0 in chunks (§6.1).
 */
export function isAmbiguous({ httpVersion, headers, rawHeaders }: IncomingMessage): boolean {
  if (httpVersion === "1.0") return headers["transfer-encoding"] !== undefined;
  if (httpVersion !== "1.1") return false;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts !== 1;
}
