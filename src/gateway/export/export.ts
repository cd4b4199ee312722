import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type BlobStore, callerOf, type Log } from "#kernel";
import type { HttpRequest, HttpServer } from "#kernel/http/port";
import { auth } from "#services/auth/contract";
import { user } from "#services/user/contract";
import type { ClientOf } from "../client-of.ts";
import { disposition } from "../delivery/object-response.ts";
import { streamZip } from "../delivery/archives/zip-stream.ts";
import type { Admission } from "../identity/admission.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";
import { archiveOf } from "./archive.ts";
import type { ExportLimit } from "./limit.ts";
import { ExportSource } from "./source.ts";

/** A user's own data as one archive. */
export const exportRoutes: readonly RawRoute[] = [
  {
    verb: "GET",
    path: "/api/v1/users/me/export",
    group: "export",
    scope: "none",
    name: "archive",
    summary:
      "All data of the caller's account as a ZIP of JSON files, made while it is sent; `originals=1` adds videos with captions and covers, pictures and the drive, and `language` (`en` or `zh`) is that of its README. Five in an hour.",
    answers: "application/zip",
    query: ["originals", "language"],
    auth: "user",
    freshness: "required",
    rate: "costly",
    kind: "query",
  },
];

interface ExportParts {
  readonly admission: Admission;
  readonly client: ClientOf;
  readonly blob: BlobStore;
  readonly log: Log;
  readonly limit: ExportLimit;
  readonly addressOf: (request: HttpRequest) => string;
}

const waitMs = 30_000;

/** Sends an account its own data, and never another one's: whose it is comes from the session alone. */
export function exportArchive(
  server: HttpServer,
  { admission, client, blob, log, limit, addressOf }: ExportParts,
): void {
  const declared = routeNamed(exportRoutes, "archive");
  server.route({
    method: ["GET", "HEAD"],
    url: declared.path,
    declared: "export.archive",
    async handler(request, reply) {
      const call = await admission.admit(declared, declared.group, request, reply, waitMs);
      const userId = callerOf(call);
      const counts = request.method === "GET";
      await limit.take(userId, { counts });
      const { username } = await client(user).get({ id: userId }, call);
      const { originals, language } = request.query;
      const atMs = Date.now();
      reply
        .headers({
          "accept-ranges": "none",
          "cache-control": "private, no-store",
          "content-disposition": disposition(`${username}-${new Date(atMs).toISOString().slice(0, 10)}.zip`),
          "content-security-policy": "sandbox; default-src 'none'",
        })
        .type("application/zip")
        .code(200);
      if (!counts) return reply.send();
      // Before the first byte, so that an export that breaks off is in the trail too.
      await client(auth).recordExport({ userId, hasOriginals: originals === "1" }, call);
      const source = new ExportSource({ client, blob, base: addressOf(request), call, userId });
      const files = archiveOf(source, {
        username,
        language: language === "zh" || (language !== "en" && call.language === "zh") ? "zh" : "en",
        atMs,
        hasOriginals: originals === "1",
      });
      reply.hijack();
      reply.raw.writeHead(200, reply.getHeaders());
      // An archive that cannot go on is cut off, which its reader notices: one that ends well has everything.
      await pipeline(Readable.from(streamZip(files), { objectMode: false }), reply.raw).catch((error: unknown) => {
        log.warn("an export could not be sent whole", { err: error, userId, traceId: call.traceId });
        reply.raw.destroy();
      });
      return reply;
    },
  });
}
