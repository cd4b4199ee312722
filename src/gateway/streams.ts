import assert from "node:assert/strict";
import type { Client, Contract } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import type { HttpReply, HttpRequest, HttpRoute, HttpServer } from "#kernel/http/port";
import { media } from "#services/media/contract";
import { StreamNotFound, streaming } from "#services/streaming/contract";
import { admitted, type Door } from "./door.ts";
import { type ObjectParts, sendObject } from "./object.ts";

interface StreamsParts extends Door, ObjectParts {
  readonly client: <C extends Contract>(c: C) => Client<C>;
}

/** What these routes declare, in the terms of a contract's methods (security S1.1). */
export const streamRoute = { auth: "public", rate: "media", kind: "query" } as const;

export interface RawRoute {
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  /** What a 200 carries. */
  readonly answers: string;
}

const scopes = [
  { scope: "video", prefix: "/api/v1/streaming/:id" },
  { scope: "media", prefix: "/api/v1/streaming/media/:id" },
] as const;

/** Every route that answers with bytes instead of an envelope, for the document and the permission matrix. */
export const streamRoutes: readonly RawRoute[] = [
  ...scopes.flatMap(({ scope, prefix }) => [
    {
      path: `${prefix}/master.m3u8`,
      name: `${scope}Master`,
      summary: "The HLS master playlist.",
      answers: "application/vnd.apple.mpegurl",
    },
    {
      path: `${prefix}/:profile/index.m3u8`,
      name: `${scope}Playlist`,
      summary: "The HLS playlist of one rendition.",
      answers: "application/vnd.apple.mpegurl",
    },
    {
      path: `${prefix}/:generation/:file`,
      name: `${scope}Bytes`,
      summary: "A rendition, cover or original, by range.",
      answers: "application/octet-stream",
    },
  ]),
  { path: "/api/v1/media/:id/picture", name: "picture", summary: "A picture, re-encoded.", answers: "image/webp" },
];

const waitMs = 10_000;

/** Manifests, segments, covers, originals and pictures. Who may have what is decided by the services. */
export function streams(server: HttpServer, { client, blob, hot, answers, log, ...door }: StreamsParts): void {
  const playable = client(streaming);
  const bytes = { blob, hot, answers, log };
  const begin = (request: HttpRequest, reply: HttpReply) =>
    admitted(door, streamRoute, "streaming", request, reply, waitMs);
  const route = (url: string, handler: HttpRoute["handler"]) => {
    const found = streamRoutes.find(({ path }) => path === url);
    assert.ok(found, `${url} is in no table`);
    server.route({ method: ["GET", "HEAD"], url, declared: `streaming.${found.name}`, service: "streaming", handler });
  };
  const tokenOf = (request: HttpRequest) => {
    const { token } = request.query;
    return typeof token === "string" ? { token } : {};
  };
  const sendPlaylist = (reply: HttpReply, { text, isPublic }: { text: string; isPublic: boolean }) =>
    reply
      .headers({
        "cache-control": isPublic ? "public, no-cache" : "private, no-store",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
      })
      .type("application/vnd.apple.mpegurl")
      .send(text);

  for (const { scope, prefix } of scopes) {
    route(`${prefix}/master.m3u8`, async (request, reply) => {
      const call = await begin(request, reply);
      const { id } = request.params;
      return sendPlaylist(reply, await playable.playlist({ scope, id: idOf(id), ...tokenOf(request) }, call));
    });
    route(`${prefix}/:profile/index.m3u8`, async (request, reply) => {
      const call = await begin(request, reply);
      const { id, profile } = request.params;
      const asked = { scope, id: idOf(id), ...(profile !== undefined && { profile }), ...tokenOf(request) };
      return sendPlaylist(reply, await playable.playlist(asked, call));
    });
    route(`${prefix}/:generation/:file`, async (request, reply) => {
      const call = await begin(request, reply);
      const { id, generation, file = "" } = request.params;
      const [, number] = generation?.match(/^g(\d{1,9})$/) ?? [];
      if (number === undefined) throw StreamNotFound({});
      const found = await playable.locate(
        { scope, id: idOf(id), generation: Number(number), file, ...tokenOf(request) },
        call,
      );
      return sendObject(request, reply, found, bytes);
    });
  }

  route("/api/v1/media/:id/picture", async (request, reply) => {
    const call = await begin(request, reply);
    const { id } = request.params;
    return sendObject(request, reply, await client(media).picture({ id: idOf(id) }, call), bytes);
  });
}

function idOf(text: string | undefined): number {
  const id = /^\d{1,16}$/.test(text ?? "") ? Number(text) : 0;
  if (!Number.isSafeInteger(id) || id < 1) throw InvalidInput({ fields: [{ field: "id", message: "not an id" }] });
  return id;
}
