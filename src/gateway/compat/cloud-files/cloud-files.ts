import type { BlobStore } from "#kernel";
import { NoRoute } from "#kernel/http/errors";
import type { HttpServer } from "#kernel/http/port";
import type { ObjectParts } from "../../delivery/object-response.ts";
import { drain } from "../../uploads/form.ts";
import type { Uploads } from "../../uploads/uploads.ts";
import { createAccountHandlers } from "./accounts.ts";
import { Callers } from "./caller.ts";
import { type EndpointParts, family, type Handlers } from "./endpoints.ts";
import { refusal, refusalOfBytes } from "./envelope.ts";
import { createFileUploadHandlers } from "./file-upload.ts";
import { fileHandlers } from "./files.ts";
import { createPartUploadHandlers } from "./part-upload.ts";
import { cloudFilesRoutes } from "./routes.ts";

interface CloudFilesParts extends Omit<EndpointParts, "callers"> {
  readonly blob: BlobStore;
  readonly uploads: Uploads;
  readonly bytes: ObjectParts;
}

/** The cloud-files-compatible API: accounts, files by their SHA-1, and an envelope that is sent with status 200. */
export function cloudFiles(server: HttpServer, parts: CloudFilesParts): void {
  const endpoints = { ...parts, callers: new Callers(parts.client, parts.admission) };
  const handlers: Handlers = {
    ...createAccountHandlers(endpoints),
    ...fileHandlers(endpoints),
    ...createFileUploadHandlers(endpoints),
    ...createPartUploadHandlers(endpoints),
  };
  for (const route of cloudFilesRoutes) {
    const { verb, path, name } = route;
    const handle = handlers[name];
    if (!handle) throw new Error(`the route ${name} has no handler`);
    server.route({
      method: verb === "GET" ? ["GET", "HEAD"] : "POST",
      url: path,
      declared: `${family}.${name}`,
      service: path.startsWith("/user/") ? "auth" : name.startsWith("download") ? "drive" : "upload",
      refuses: name === "download" ? refusalOfBytes : refusal,
      ...(verb === "POST" && { takes: "any" }),
      async handler(request, reply) {
        try {
          return await handle(route, request, reply);
        } catch (error) {
          if (verb === "POST") drain(request.raw);
          throw error;
        }
      },
    });
  }
  for (const url of ["/user/*", "/file/*"])
    server.route({
      method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      url,
      declared: `${family}.none`,
      refuses: refusal,
      sharesPath: true,
      takes: "any",
      async handler() {
        throw NoRoute({});
      },
    });
}
