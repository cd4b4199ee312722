import { type Call, callerOf, type Language } from "#kernel";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import { InvalidInput } from "#kernel/errors";
import { auth } from "#services/auth/contract";
import { user } from "#services/user/contract";
import { z } from "zod";
import { streamZip } from "../delivery/archives/zip-stream.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";
import { archiveOf } from "./archive.ts";
import { downloadPath, serveDownload } from "./download.ts";
import { type Export, linesOf } from "./preparation.ts";
import { type ExportParts, nameOf, secretHeaders, sendStream } from "./response.ts";
import { ExportSource } from "./source.ts";

const ownData = { group: "export", scope: "none", auth: "user" } as const;

/** A user's own data as one archive. */
export const exportRoutes: readonly RawRoute[] = [
  {
    ...ownData,
    verb: "GET",
    path: "/api/v1/users/me/export",
    name: "archive",
    summary:
      "All data of the caller's account as a ZIP of JSON files, made while it is sent; `originals=1` adds videos with captions and covers, pictures and the drive, and `language` (`en` or `zh`) is that of its README. Five in an hour, with those of `POST`.",
    answers: "application/zip",
    query: ["originals", "language"],
    freshness: "required",
    rate: "costly",
    kind: "query",
  },
  {
    ...ownData,
    verb: "POST",
    path: "/api/v1/users/me/export",
    name: "prepare",
    summary:
      "Prepares the same archive for downloads that can be resumed. Answers lines of JSON: `{done, total}` while it goes on, at the end `{id, url, size, expires_at}`, or `{error}`.",
    answers: "application/x-ndjson",
    takes: ["application/json"],
    freshness: "required",
    rate: "costly",
    kind: "command",
  },
  {
    ...ownData,
    verb: "GET",
    path: downloadPath,
    name: "download",
    summary: "A prepared archive of the caller, by range, for a day. The same bytes each time.",
    answers: "application/zip",
    rate: "media",
    kind: "query",
  },
];

interface Wishes {
  readonly hasOriginals: boolean;
  readonly language: Language;
}
const Body = z.object({ originals: z.boolean().default(false), language: z.enum(["en", "zh"]).optional() });

const waitMs = 30_000;

/** Sends an account its own data, and never another one's: whose it is comes from the session alone. */
export function exportArchive(server: HttpServer, parts: ExportParts): void {
  const { admission, client, blob, log, limit, addressOf } = parts;
  const admit = (name: string, request: HttpRequest, reply: HttpReply) => {
    const declared = routeNamed(exportRoutes, name);
    return admission.admit(declared, declared.group, request, reply, waitMs);
  };

  /** The files of the caller. The trail has the export before its first byte, so that one that breaks off is in it too. */
  async function begin(request: HttpRequest, call: Call, { hasOriginals, language }: Wishes): Promise<Export> {
    const userId = callerOf(call);
    const { username } = await client(user).get({ id: userId }, call);
    await client(auth).recordExport({ userId, hasOriginals }, call);
    const source = new ExportSource({ client, blob, base: addressOf(request), call, userId });
    const atMs = Date.now();
    return { userId, username, atMs, files: archiveOf(source, { username, language, atMs, hasOriginals }) };
  }

  server.route({
    method: ["GET", "HEAD"],
    url: routeNamed(exportRoutes, "archive").path,
    declared: "export.archive",
    async handler(request, reply) {
      const call = await admit("archive", request, reply);
      const counts = request.method === "GET";
      await limit.take(callerOf(call), { counts });
      reply.headers({ ...secretHeaders, "accept-ranges": "none" }).type("application/zip");
      const { originals, language } = request.query;
      if (!counts) {
        const { username } = await client(user).get({ id: callerOf(call) }, call);
        return reply.header("content-disposition", nameOf(username, Date.now())).code(200).send();
      }
      const wishes = { hasOriginals: originals === "1", language: languageOf(language, call) };
      const { userId, username, atMs, files } = await begin(request, call, wishes);
      reply.header("content-disposition", nameOf(username, atMs));
      // An archive that cannot go on is cut off, which its reader notices: one that ends well has everything.
      return sendStream(reply, 200, streamZip(files), (error) =>
        log.warn("an export could not be sent whole", { err: error, userId, traceId: call.traceId }),
      );
    },
  });

  server.route({
    method: ["POST"],
    url: routeNamed(exportRoutes, "prepare").path,
    declared: "export.prepare",
    async handler(request, reply) {
      const call = await admit("prepare", request, reply);
      const { originals, language } = wishesIn(await request.json());
      await limit.take(callerOf(call), { counts: true });
      const wishes = { hasOriginals: originals, language: languageOf(language, call) };
      const prepared = await begin(request, call, wishes);
      reply.headers({ ...secretHeaders, "x-accel-buffering": "no" }).type("application/x-ndjson");
      return sendStream(reply, 200, linesOf(prepared, parts, call), () => undefined);
    },
  });
  serveDownload(server, parts, (request, reply) => admit("download", request, reply));
}

/** @throws InvalidInput */
function wishesIn(body: unknown): z.output<typeof Body> {
  const { data, error } = Body.safeParse(body ?? {});
  if (error)
    throw InvalidInput({ fields: error.issues.map(({ path, message }) => ({ field: path.join("."), message })) });
  return data;
}

const languageOf = (language: unknown, call: Call): Language =>
  language === "zh" || (language !== "en" && call.language === "zh") ? "zh" : "en";
