import { NoRoute } from "#kernel/http/errors";
import type { HttpServer } from "#kernel/http/port";
import type { BlobStore } from "#kernel";
import type { ClientOf } from "../../client-of.ts";
import type { ObjectParts } from "../../delivery/object-response.ts";
import type { Admission } from "../../identity/admission.ts";
import { routeNamed } from "../../raw-route.ts";
import type { Uploads } from "../../uploads/uploads.ts";
import { accountHandlers } from "./accounts.ts";
import { family, type Handlers } from "./endpoints.ts";
import { refusal } from "./envelope.ts";
import { createFileHandlers } from "./files.ts";
import { Renditions } from "./renditions.ts";
import { operations, resumableRoutes } from "./routes.ts";
import { ResumableSessions } from "./sessions.ts";
import { uploadHandlers } from "./upload.ts";

interface ResumableParts {
  readonly admission: Admission;
  readonly client: ClientOf;
  readonly blob: BlobStore;
  readonly uploads: Uploads;
  readonly bytes: ObjectParts;
}

const waitMs = 30_000;
/** Long enough for any upload over any connection. */
const uploadWaitMs = 12 * 3_600_000;

/** The resumable-upload-compatible API, under its newer and its older names: an envelope around the upload service. */
export function resumable(server: HttpServer, { client, blob, uploads, bytes, admission }: ResumableParts): void {
  const sessions = new ResumableSessions({
    client,
    count: async (rate, call) => void (await admission.count(rate, family, call)),
  });
  const handlers: Handlers = {
    ...accountHandlers(client),
    ...uploadHandlers({ client, blob, uploads, sessions }),
    ...createFileHandlers({ client, bytes, sessions, renditions: new Renditions(client) }),
  };
  for (const { name, paths, sharesPath = false, verb } of operations)
    for (const [n, url] of paths.entries()) {
      const declared = routeNamed(resumableRoutes, n === 0 ? name : `${name}Older`);
      const handle = handlers[name];
      if (!handle) throw new Error(`the route ${name} has no handler`);
      const isUpload = declared.rate === "upload" || declared.rate === "part";
      server.route({
        method: verb === "GET" ? ["GET", "HEAD"] : verb,
        url,
        declared: `${family}.${declared.name}`,
        service: "upload",
        refuses: refusal,
        sharesPath: sharesPath && n === 0,
        ...(name === "chunk" && { takes: "any" }),
        async handler(request, reply) {
          const call = await admission.admit(declared, family, request, reply, isUpload ? uploadWaitMs : waitMs);
          return handle(request, reply, call);
        },
      });
    }
  for (const url of ["/upload/*", "/api/video/*"])
    server.route({
      method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      url,
      declared: `${family}.none`,
      service: "upload",
      refuses: refusal,
      sharesPath: true,
      takes: "any",
      async handler() {
        throw NoRoute({});
      },
    });
}
