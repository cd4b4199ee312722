import { createHash } from "node:crypto";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { partOf } from "./range.ts";

/** Sends a text under a validator of its bytes, or 304 to a client that has it (RFC 9110 §13.1.2). */
export function sendValidated(request: HttpRequest, reply: HttpReply, text: string): HttpReply {
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  reply.header("etag", etag);
  const { status } = partOf({ ifNoneMatch: request.headers["if-none-match"] }, etag, text.length);
  return status === 304 ? reply.code(304).send() : reply.send(text);
}
