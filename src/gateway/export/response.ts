import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BlobStore, Log } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import type { ClientOf } from "../client-of.ts";
import { disposition } from "../delivery/object-response.ts";
import type { Admission } from "../identity/admission.ts";
import type { ExportLimit } from "./limit.ts";

export interface ExportParts {
  readonly admission: Admission;
  readonly client: ClientOf;
  readonly blob: BlobStore;
  readonly log: Log;
  readonly limit: ExportLimit;
  readonly addressOf: (request: HttpRequest) => string;
}

export const secretHeaders = {
  "cache-control": "private, no-store",
  "content-security-policy": "sandbox; default-src 'none'",
} as const;

/** The header that names the file of an export. Pure. */
export const nameOf = (username: string, atMs: number): string =>
  disposition(`${username}-${new Date(atMs).toISOString().slice(0, 10)}.zip`);

/** Sends what is made on the way; a client learns of a failure by the connection that ends early. */
export async function sendStream(
  reply: HttpReply,
  status: number,
  chunks: AsyncIterable<Buffer | string>,
  onFailure: (error: unknown) => void,
): Promise<HttpReply> {
  reply.code(status).hijack();
  reply.raw.writeHead(status, reply.getHeaders());
  await pipeline(Readable.from(chunks, { objectMode: false }), reply.raw).catch((error: unknown) => {
    onFailure(error);
    reply.raw.destroy();
  });
  return reply;
}
