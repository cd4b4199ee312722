import { NoRoute } from "#kernel/http/errors";
import type { HttpServer } from "#kernel/http/port";
import type { BlobStore } from "#kernel";
import { drain } from "../../uploads/form.ts";
import type { Uploads } from "../../uploads/uploads.ts";
import { accountHandlers } from "./accounts.ts";
import { commentHandlers } from "./comments.ts";
import { Endpoints, type EndpointParts, family, type Handlers } from "./endpoints.ts";
import { refusal } from "./envelope.ts";
import { likeHandlers } from "./likes.ts";
import { messageHandlers } from "./messages.ts";
import { pictureHandlers } from "./pictures.ts";
import { createPublicationHandlers } from "./publication.ts";
import { relationHandlers } from "./relations.ts";
import { douyinRoutes } from "./routes.ts";
import { videoHandlers } from "./videos.ts";

interface DouyinParts extends EndpointParts {
  readonly blob: BlobStore;
  readonly uploads: Uploads;
  readonly fileBytesMax: number;
}

/** Clients read these fields before they look at the status. */
const noSession = { user_id: 0, token: "" };

/** The Douyin-compatible API: an edge over the same services, with no rules of its own. */
export function douyin(server: HttpServer, parts: DouyinParts): void {
  const { client } = parts;
  const endpoints = new Endpoints(parts);
  const handlers: Handlers = {
    ...accountHandlers(client, endpoints),
    ...videoHandlers(client, endpoints),
    ...createPublicationHandlers(parts, endpoints),
    ...likeHandlers(client, endpoints),
    ...commentHandlers(client, endpoints),
    ...relationHandlers(client, endpoints),
    ...messageHandlers(client, endpoints),
    ...pictureHandlers,
  };
  for (const route of douyinRoutes) {
    const { verb, path, name } = route;
    const handle = handlers[name];
    if (!handle) throw new Error(`the route ${name} has no handler`);
    const isSignIn = name === "register" || name === "login";
    server.route({
      method: verb === "GET" ? ["GET", "HEAD"] : "POST",
      url: path,
      declared: `${family}.${name}`,
      service: "gateway",
      refuses: refusal(isSignIn ? noSession : {}),
      takes: "any",
      async handler(request, reply) {
        try {
          return await handle(route, request, reply);
        } catch (error) {
          drain(request.raw);
          throw error;
        }
      },
    });
  }
  server.route({
    method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    url: `/${family}/*`,
    declared: `${family}.none`,
    refuses: refusal(),
    sharesPath: true,
    takes: "any",
    async handler() {
      throw NoRoute({});
    },
  });
}
