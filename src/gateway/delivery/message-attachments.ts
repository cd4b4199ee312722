import { KinoraError } from "#kernel";
import type { HttpServer } from "#kernel/http/port";
import { media } from "#services/media/contract";
import { message, MessageNotFound } from "#services/message/contract";
import type { ClientOf } from "../client-of.ts";
import type { Admission } from "../identity/admission.ts";
import { type ObjectParts, sendObject } from "./object-response.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";
import { idOf } from "./streams.ts";

interface MessageParts extends ObjectParts {
  readonly admission: Admission;
  readonly client: ClientOf;
}

/** Attachments of messages. */
export const messageRoutes: readonly RawRoute[] = [
  {
    verb: "GET",
    path: "/api/v1/messages/:id/media",
    group: "message",
    scope: "messages:read",
    name: "media",
    summary: "The attachment of a message one sent or received, by range.",
    answers: "application/octet-stream",
    auth: "user",
    rate: "media",
    kind: "query",
  },
];

const waitMs = 10_000;

/** Attachments: media of their author that both sides of the conversation may read here. */
export function messageBytes(server: HttpServer, { client, ...parts }: MessageParts): void {
  const route = routeNamed(messageRoutes, "media");
  server.route({
    method: ["GET", "HEAD"],
    url: route.path,
    declared: "message.media",
    service: "message",
    async handler(request, reply) {
      const call = await parts.admission.admit(route, route.group, request, reply, waitMs);
      const { mediaId } = await client(message).attachment({ id: idOf(request.params["id"]) }, call);
      // A deleted attachment is not found, by its author either.
      const { kind, picture, source } = await client(media)
        .playable({ id: mediaId }, call)
        .catch((error: unknown) => {
          throw error instanceof KinoraError && error.kind === "not_found" ? MessageNotFound({}, error) : error;
        });
      // A picture is sent re-encoded: the original file says where it was taken.
      if (kind === "image" && !picture) throw MessageNotFound({});
      const object = picture ?? source;
      return sendObject(request, reply, { ...object, isPublic: false, isInline: true }, parts);
    },
  });
}
