import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { openReferenced } from "#kernel/blob/damaged";
import type { HttpReply, HttpRequest, HttpRoute, HttpServer } from "#kernel/http/port";
import { drive } from "#services/drive/contract";
import type { ClientOf } from "../client-of.ts";
import type { Admission } from "../identity/admission.ts";
import { disposition, type DeliveredObject, type ObjectParts, presentationOf, sendObject } from "./object-response.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";
import { idOf } from "./streams.ts";
import { bytesOf, type Planned, planOf, type ZipEntry } from "./archives/zip.ts";

interface DriveParts extends ObjectParts {
  readonly admission: Admission;
  readonly client: ClientOf;
}

const bytes = {
  verb: "GET",
  group: "drive",
  scope: "drive:read",
  auth: "public",
  rate: "media",
  kind: "query",
} as const;

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
/** A redirect to the store itself is valid this long: access that ended ends there too. */
const directMs = 10_000;

/** Files and archives of the drive. The service decides about access. */
export function driveBytes(
  server: HttpServer,
  { client, blob, ranges, readers, buffers, responses, log, admission }: DriveParts,
): void {
  const files = client(drive);
  const route = (name: string, handler: HttpRoute["handler"]) => {
    const { path } = routeNamed(driveRoutes, name);
    server.route({ method: ["GET", "HEAD"], url: path, declared: `drive.${name}`, service: "drive", handler });
  };
  const admit = (request: HttpRequest, reply: HttpReply) => admission.admit(bytes, bytes.group, request, reply, waitMs);

  route("bytes", async (request, reply) => {
    const call = await admit(request, reply);
    const { ticket, inline } = request.query;
    const isDownload = request.method === "GET";
    const input = { id: idOf(request.params["id"]), isDownload, ...(typeof ticket === "string" && { ticket }) };
    const { name, ...content } = await files.content(input, call);
    const delivered: DeliveredObject = { ...content, attachment: name, isPublic: false, isInline: inline === "1" };
    // Pages load files from our origin alone, by their policy: only downloads are redirected.
    const isRedirectable = isDownload && !delivered.isInline && content.sizeBytes > 0;
    if (isRedirectable && blob.directRead) {
      const { type: mime, ...how } = presentationOf(delivered);
      const direct = await blob.directRead(content.key, { ...how, mime, expiresMs: directMs });
      if (direct) return reply.headers({ location: direct.url, "cache-control": "private, no-store" }).code(302).send();
    }
    return sendObject(request, reply, delivered, { blob, ranges, readers, buffers, responses, log });
  });

  route("archive", async (request, reply) => {
    const call = await admit(request, reply);
    const { ticket } = request.query;
    const isDownload = request.method === "GET";
    const entries: ZipEntry[] = [];
    let name = "files.zip";
    const input = { ticket: typeof ticket === "string" ? ticket : "", isDownload };
    for await (const part of files.zipEntries(input, call)) {
      name = part.name;
      entries.push(...part.entries);
    }
    const plan = planOf(entries);
    // Before the first byte: an archive that has begun could only be cut off.
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

  /** @throws ObjectDamaged where one of them is quarantined, and no store has an intact copy */
  async function assertNoneDamaged(entries: readonly ZipEntry[]): Promise<void> {
    const keys = new Set(entries.map(({ key }) => key));
    for (const space of new Set([...keys].flatMap((key) => key?.split("/").slice(0, 1) ?? [])))
      for await (const { key } of blob.quarantine.list(space)) if (keys.has(key)) await (await blob.open(key))?.close();
  }

  async function sendArchive(reply: HttpReply, plan: Planned): Promise<HttpReply> {
    const open = (key: string) => openReferenced(blob, key);
    reply.hijack();
    reply.raw.writeHead(200, reply.getHeaders());
    // A client that disconnects ends it, and so does an unreadable object: the archive is cut off, never wrong.
    await pipeline(Readable.from(bytesOf(plan, open), { objectMode: false }), reply.raw).catch((error: unknown) => {
      log.warn("an archive could not be sent whole", { err: error });
      reply.raw.destroy();
    });
    return reply;
  }
}
