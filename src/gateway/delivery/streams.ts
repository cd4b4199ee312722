import assert from "node:assert/strict";
import { InvalidInput } from "#kernel/errors";
import type { HttpReply, HttpRequest, HttpRoute, HttpServer } from "#kernel/http/port";
import { media } from "#services/media/contract";
import { StreamNotFound, streaming } from "#services/streaming/contract";
import type { ClientOf } from "../client-of.ts";
import type { Admission } from "../identity/admission.ts";
import type { RawRoute } from "../raw-route.ts";
import { withPlayback } from "./playback-cookie.ts";
import { type ObjectParts, sendObject } from "./object-response.ts";
import { sendValidated } from "./validated-text.ts";

interface StreamsParts extends ObjectParts {
  readonly admission: Admission;
  readonly client: ClientOf;
}

const scopes = [
  { scope: "video", prefix: "/api/v1/streaming/:id" },
  { scope: "media", prefix: "/api/v1/streaming/media/:id" },
] as const;

const hlsType = "application/vnd.apple.mpegurl";
const dashType = "application/dash+xml";
const bytes = {
  verb: "GET",
  group: "streaming",
  scope: "videos:read",
  query: ["token"],
  auth: "public",
  rate: "media",
  kind: "query",
} as const;

/** Manifests, segments, covers, originals and pictures. */
export const streamRoutes: readonly RawRoute[] = [
  ...scopes.flatMap(({ scope, prefix }) => [
    {
      ...bytes,
      path: `${prefix}/master.m3u8`,
      name: `${scope}Master`,
      summary: "The HLS master playlist.",
      answers: hlsType,
    },
    {
      ...bytes,
      path: `${prefix}/:profile/index.m3u8`,
      name: `${scope}Playlist`,
      summary: "The HLS playlist of one rendition.",
      answers: hlsType,
    },
    {
      ...bytes,
      path: `${prefix}/manifest.mpd`,
      name: `${scope}Manifest`,
      summary: "The DASH manifest.",
      answers: dashType,
    },
    {
      ...bytes,
      path: `${prefix}/storyboard.vtt`,
      name: `${scope}Storyboard`,
      summary: "Which part of which sheet of pictures shows which time.",
      answers: "text/vtt",
    },
    {
      ...bytes,
      path: `${prefix}/:generation/:file`,
      name: `${scope}Bytes`,
      summary: "A rendition, cover, picture sheet, preview, waveform or original, by range.",
      answers: "application/octet-stream",
    },
  ]),
  {
    ...bytes,
    path: "/api/v1/streaming/:id/chapters.vtt",
    name: "videoChapters",
    summary: "The chapters of its description, otherwise those inside its file.",
    answers: "text/vtt",
  },
  {
    ...bytes,
    path: "/api/v1/media/:id/picture",
    name: "picture",
    summary: "A picture, re-encoded.",
    answers: "image/webp",
  },
];

const waitMs = 10_000;
/** Made for each request; every other file is a stored object. */
const captionsPart = /^caption-\d+-\d+\.vtt$/;

/** Manifests, segments, covers, originals and pictures. The services decide about access. */
export function streams(
  server: HttpServer,
  { client, blob, ranges, readers, buffers, responses, log, admission }: StreamsParts,
): void {
  const service = client(streaming);
  const parts = { blob, ranges, readers, buffers, responses, log };
  const admit = (request: HttpRequest, reply: HttpReply) => admission.admit(bytes, bytes.group, request, reply, waitMs);
  const route = (url: string, handler: HttpRoute["handler"]) => {
    const declared = streamRoutes.find(({ path }) => path === url);
    assert.ok(declared, `${url} is in no table`);
    server.route({
      method: ["GET", "HEAD"],
      url,
      declared: `streaming.${declared.name}`,
      service: "streaming",
      handler,
    });
  };
  for (const { scope, prefix } of scopes) {
    route(`${prefix}/master.m3u8`, async (request, reply) => {
      const call = await admit(request, reply);
      const { id } = request.params;
      const target = { scope, id: idOf(id) };
      return sendText(
        request,
        reply,
        await withPlayback(request, (token) => service.playlist({ ...target, ...token }, call)),
      );
    });
    route(`${prefix}/:profile/index.m3u8`, async (request, reply) => {
      const call = await admit(request, reply);
      const { id, profile } = request.params;
      const target = { scope, id: idOf(id), ...(profile !== undefined && { profile }) };
      return sendText(
        request,
        reply,
        await withPlayback(request, (token) => service.playlist({ ...target, ...token }, call)),
      );
    });
    route(`${prefix}/manifest.mpd`, async (request, reply) => {
      const call = await admit(request, reply);
      const { id } = request.params;
      const target = { scope, id: idOf(id) };
      const text = await withPlayback(request, (token) => service.manifest({ ...target, ...token }, call));
      return sendText(request, reply, text, dashType);
    });
    route(`${prefix}/storyboard.vtt`, async (request, reply) => {
      const call = await admit(request, reply);
      const target = { scope, id: idOf(request.params["id"]) };
      const text = await withPlayback(request, (token) => service.storyboard({ ...target, ...token }, call));
      return sendText(request, reply, text, "text/vtt; charset=utf-8");
    });
    route(`${prefix}/:generation/:file`, async (request, reply) => {
      const call = await admit(request, reply);
      const { id, generation, file = "" } = request.params;
      const [, number] = generation?.match(/^g(\d{1,9})$/) ?? [];
      if (number === undefined) throw StreamNotFound({});
      const target = { scope, id: idOf(id), generation: Number(number), file };
      if (captionsPart.test(file)) {
        const part = await withPlayback(request, (token) => service.captions({ ...target, ...token }, call));
        return sendText(request, reply, part, "text/vtt; charset=utf-8");
      }
      const object = await withPlayback(request, (token) => service.locate({ ...target, ...token }, call));
      return sendObject(request, reply, object, parts);
    });
  }

  route("/api/v1/streaming/:id/chapters.vtt", async (request, reply) => {
    const call = await admit(request, reply);
    const target = { scope: "video" as const, id: idOf(request.params["id"]) };
    const text = await withPlayback(request, (token) => service.chapters({ ...target, ...token }, call));
    return sendText(request, reply, text, "text/vtt; charset=utf-8");
  });

  route("/api/v1/media/:id/picture", async (request, reply) => {
    const call = await admit(request, reply);
    const { id } = request.params;
    return sendObject(request, reply, await client(media).picture({ id: idOf(id) }, call), parts);
  });
}

/**
 * A text that lists files or times of a video. Public texts are validated by an entity tag, others are never stored.
 */
function sendText(
  request: HttpRequest,
  reply: HttpReply,
  { text, isPublic }: { text: string; isPublic: boolean },
  type = hlsType,
): HttpReply {
  reply
    .headers({
      "cache-control": isPublic ? "public, no-cache" : "private, no-store",
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
    })
    .type(type);
  return isPublic ? sendValidated(request, reply, text) : reply.send(text);
}

/** @throws InvalidInput */
export function idOf(text: string | undefined): number {
  const id = /^\d{1,16}$/.test(text ?? "") ? Number(text) : 0;
  if (!Number.isSafeInteger(id) || id < 1) throw InvalidInput({ fields: [{ field: "id", message: "not an id" }] });
  return id;
}
