import { type Call, failure, type Id, type Log } from "#kernel";
import { Places } from "#kernel/clients/places";
import type { CachePolicies } from "#kernel/cache/policies";
import type { HttpReply, HttpServer } from "#kernel/http/port";
import { NotLive } from "#services/live/contract";
import type { ClientOf } from "../client-of.ts";
import { idOf } from "../delivery/streams.ts";
import type { Admission } from "../identity/admission.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";
import { FlvEdge, type FlvViewer } from "./flv-edge.ts";
import { PlaybackRights } from "./playback-right.ts";

const TooManyFlvViewers = failure(
  "unavailable",
  "live.too_many_flv_viewers",
  "as many viewers as possible watch by HTTP-FLV, use the HLS address",
);

export const liveFlvRoutes: readonly RawRoute[] = [
  {
    verb: "GET",
    path: "/api/v1/lives/:id/stream.flv",
    group: "live",
    scope: "live:read",
    name: "flv",
    query: ["token"],
    summary: "A live room as one FLV file that ends with the stream; `token` is that of a playback address.",
    answers: "video/x-flv",
    auth: "public",
    rate: "media",
    kind: "query",
  },
];

const waitMs = 10_000;
/** A viewer who is slower than the stream is disconnected when this much waits, some seconds of it. */
const waitingBytesMax = 8 * 2 ** 20;
/** A viewer who may no longer watch is cut off this much later at most (security S2.3). */
const checkMs = 5_000;
const viewersMax = 2_000;
const perNetworkMax = 100;

interface FlvParts {
  readonly client: ClientOf;
  readonly log: Log;
  readonly admission: Admission;
  readonly caches: CachePolicies;
}

/** HTTP-FLV: frames as they come, by one subscription for each room and process. */
export function liveFlv(server: HttpServer, { client, log, admission, caches }: FlvParts): void {
  const edges = new Map<Id, FlvEdge>();
  const rights = new PlaybackRights(client, caches);
  const places = new Places({ max: viewersMax, perHolderMax: perNetworkMax });
  server.onClose(async () => {
    for (const edge of edges.values()) edge.close();
  });

  function edgeOf(id: Id): FlvEdge {
    const existing = edges.get(id);
    if (existing) return existing;
    const edge = new FlvEdge({ id, client, log, ended: () => edges.get(id) === edge && edges.delete(id) });
    edges.set(id, edge);
    return edge;
  }

  const route = routeNamed(liveFlvRoutes, "flv");
  server.route({
    method: ["GET", "HEAD"],
    url: route.path,
    declared: "live.flv",
    service: "live",
    async handler(request, reply) {
      const id = idOf(request.params["id"]);
      const token = typeof request.query["token"] === "string" ? request.query["token"] : undefined;
      const call = await admission.admit(route, route.group, request, reply, waitMs);
      await rights.of(id, token, call);
      const edge = edgeOf(id);
      if (!(await edge.hasBegun())) throw NotLive({});
      reply.type("video/x-flv").headers({
        "cache-control": "no-store",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
      });
      if (request.method === "HEAD") return reply.send();
      const place = places.take(call.source ?? "");
      if (typeof place === "string") throw TooManyFlvViewers({});
      serve(
        reply,
        edge,
        () => rights.of(id, token, again(call)),
        () => place.release(),
      );
      return reply;
    },
  });
}

/** The same caller, later. */
function again(call: Call): Call {
  return { ...call, deadline: performance.now() + waitMs, signal: AbortSignal.timeout(waitMs) };
}

function serve(reply: HttpReply, edge: FlvEdge, mayWatch: () => Promise<unknown>, ended: () => void): void {
  const headers = reply.getHeaders();
  const { raw } = reply.hijack();
  // Headers that are set have a value.
  raw.writeHead(200, headers as Readonly<Record<string, string | number | string[]>>);
  const viewer: FlvViewer = {
    send(bytes) {
      if (raw.writableLength > waitingBytesMax) raw.destroy();
      else raw.write(bytes);
    },
    end: () => raw.end(),
  };
  const check = setInterval(() => void mayWatch().catch(() => raw.destroy()), checkMs).unref();
  const leave = edge.enter(viewer);
  raw.once("close", () => {
    clearInterval(check);
    leave();
    ended();
  });
}
