import { type Call, failure } from "#kernel";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import { UploadNotFound } from "#services/upload/contract";
import type { Admission } from "../identity/admission.ts";
import { routeNamed } from "../raw-route.ts";
import { drain } from "./form.ts";
import { withoutIdempotencyKey } from "./idempotency-key.ts";
import { TusHandlers, type TusParts } from "./tus-handlers.ts";
import { checksumAlgorithms, headerOf, tusExtensions, tusVersion } from "./tus-headers.ts";
import { tusRoutes } from "./tus-routes.ts";

interface TusRouteParts extends TusParts {
  readonly admission: Admission;
  readonly fileBytesMax: number;
}

/** Long enough for any upload over any connection. */
const waitMsMax = 12 * 3_600_000;
const OtherVersion = failure("invalid", "tus.other_version", "this is tus 1.0.0", undefined, 412);

/** A step of an upload; `keyedCall` is the same call with its idempotency key. */
type Handler = (request: HttpRequest, reply: HttpReply, call: Call, keyedCall: Call) => Promise<unknown>;

/** tus 1.0: a thin layer over upload sessions that grow at their end. */
export function tus(server: HttpServer, { admission, fileBytesMax, ...parts }: TusRouteParts): void {
  const handlers = new TusHandlers(parts);

  const route = (name: string, handle: Handler) => {
    const declared = routeNamed(tusRoutes, name);
    server.route({
      method: declared.verb,
      url: declared.path,
      declared: `upload.${name}`,
      service: "upload",
      takes: "any",
      async handler(request, reply) {
        reply.header("tus-resumable", tusVersion);
        try {
          const call = await admission.admit(declared, declared.group, request, reply, waitMsMax);
          if (request.headers["tus-resumable"] !== tusVersion && request.method !== "OPTIONS") {
            reply.header("tus-version", tusVersion);
            throw OtherVersion({});
          }
          return await handle(request, reply, withoutIdempotencyKey(call), call);
        } catch (error) {
          drain(request.raw);
          throw error;
        }
      },
    });
  };

  route("tusOptions", async (_, reply) =>
    reply
      .code(204)
      .headers({
        "tus-version": tusVersion,
        "tus-extension": tusExtensions,
        "tus-max-size": fileBytesMax,
        "tus-checksum-algorithm": checksumAlgorithms.join(","),
      })
      .send(),
  );
  route("tusCreate", (request, reply, call, keyedCall) => handlers.create(request, reply, call, keyedCall));
  route("tusLook", (request, reply, call) => handlers.describe(request, reply, call));
  route("tusAppend", (request, reply, call) => handlers.append(request, reply, call));
  route("tusEnd", (request, reply, call) => handlers.cancel(request, reply, call));
  // For clients behind a proxy that lets no other method through.
  route("tusOverride", async (request, reply, call) => {
    const method = headerOf(request, "x-http-method-override")?.toUpperCase();
    if (method === "PATCH") return handlers.append(request, reply, call);
    if (method === "DELETE") return handlers.cancel(request, reply, call);
    throw UploadNotFound({});
  });
}
