import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Client, Contract } from "#kernel";
import { NoRoute } from "#kernel/http/errors";
import type { HttpReply, HttpRequest, HttpRoute, HttpServer } from "#kernel/http/port";
import { drive } from "#services/drive/contract";
import type { Admission } from "../identity/admission.ts";
import { disposition, type Handed, type ObjectParts, presented, sendObject } from "./object.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";
import { idOf } from "./streams.ts";
import { bytesOf, type Planned, planOf, type ZipEntry } from "./zip.ts";

interface DriveParts extends ObjectParts {
  readonly admission: Admission;
  readonly client: <C extends Contract>(c: C) => Client<C>;
}

const bytes = { verb: "GET", group: "drive", auth: "public", rate: "media", kind: "query" } as const;

/** Routes of the drive that answer with bytes instead of an envelope. */
export const driveRoutes: readonly RawRoute[] = [
  {
    ...bytes,
    path: "/api/v1/drive/:id/content",
    name: "bytes",
    summary: "The bytes of a file, by range: of one's own, or by a ticket.",
    answers: "application/octet-stream",
    query: ["ticket", "inline"],
  },
  {
    ...bytes,
    path: "/api/v1/drive/zip",
    name: "archive",
    summary: "Files and folders as one archive, by the ticket that was made for it.",
    answers: "application/zip",
    query: ["ticket"],
  },
];

const waitMs = 30_000;
/** What may not be had any more may not be had from the store itself either, this long after. */
const directMs = 10_000;

/** Files and archives of the drive. Who may have what is decided by the service. */
export function driveBytes(
  server: HttpServer,
  { client, blob, hot, objects, chunks, answers, log, admission }: DriveParts,
): void {
  const files = client(drive);
  const route = (name: string, handler: HttpRoute["handler"]) => {
    const found = routeNamed(driveRoutes, name);
    server.route({ method: ["GET", "HEAD"], url: found.path, declared: `drive.${name}`, service: "drive", handler });
  };
  const begin = (request: HttpRequest, reply: HttpReply) => admission.admit(bytes, bytes.group, request, reply, waitMs);

  route("bytes", async (request, reply) => {
    const call = await begin(request, reply);
    const { ticket, inline } = request.query;
    const isDownload = request.method === "GET";
    const asked = { id: idOf(request.params["id"]), isDownload, ...(typeof ticket === "string" && { ticket }) };
    const { name, ...content } = await files.content(asked, call);
    const handed: Handed = { ...content, attachment: name, isPublic: false, isInline: inline === "1" };
    // What a page shows comes from us: its policy names no other origin.
    const isElsewhere = isDownload && !handed.isInline && content.sizeBytes > 0;
    if (isElsewhere && blob.directRead) {
      const { type: mime, ...how } = presented(handed);
      const direct = await blob.directRead(content.key, { ...how, mime, expiresMs: directMs });
      if (direct) return reply.headers({ location: direct.url, "cache-control": "private, no-store" }).code(302).send();
    }
    return sendObject(request, reply, handed, { blob, hot, objects, chunks, answers, log });
  });

  route("archive", async (request, reply) => {
    const call = await begin(request, reply);
    const { ticket } = request.query;
    const isDownload = request.method === "GET";
    const entries: ZipEntry[] = [];
    let name = "files.zip";
    const asked = { ticket: typeof ticket === "string" ? ticket : "", isDownload };
    for await (const part of files.zipEntries(asked, call)) {
      name = part.name;
      entries.push(...part.entries);
    }
    const plan = planOf(entries);
    // Before anything is said of it: an archive that has begun could only break off.
    await assertNoneDamaged(entries);
    reply
      .headers({
        "accept-ranges": "none",
        "cache-control": "private, no-store",
        "content-disposition": disposition(name),
        "content-security-policy": "sandbox; default-src 'none'",
        "content-length": plan.sizeBytes,
      })
      .type("application/zip")
      .code(200);
    return isDownload ? sendArchive(reply, plan) : reply.send();
  });

  /** @throws ObjectDamaged where one of them was set aside, and no store has it whole */
  async function assertNoneDamaged(entries: readonly ZipEntry[]): Promise<void> {
    const wanted = new Set(entries.map(({ key }) => key));
    for (const space of new Set([...wanted].flatMap((key) => key?.split("/").slice(0, 1) ?? [])))
      for await (const { key } of blob.quarantine.list(space))
        if (wanted.has(key)) await (await blob.open(key))?.close();
  }

  async function sendArchive(reply: HttpReply, plan: Planned): Promise<HttpReply> {
    const open = async (key: string) => {
      const object = await blob.open(key);
      if (!object) throw NoRoute({});
      return object;
    };
    reply.hijack();
    reply.raw.writeHead(200, reply.getHeaders());
    // A client that goes away ends it, and so does an object that cannot be read: the archive is cut off, never wrong.
    await pipeline(Readable.from(bytesOf(plan, open), { objectMode: false }), reply.raw).catch((error: unknown) => {
      log.warn("an archive could not be sent whole", { err: error });
      reply.raw.destroy();
    });
    return reply;
  }
}
