import { type Call, newCall } from "#kernel";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import { live } from "#services/live/contract";
import type { ClientOf } from "../client-of.ts";
import { idOf } from "../delivery/streams.ts";
import type { Admission } from "../identity/admission.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";

const common = { group: "live", answers: "application/sdp", kind: "command" } as const;
const sdpType = "application/sdp";
const options = {
  verb: "OPTIONS",
  group: "live",
  scope: "any",
  answers: "text/plain",
  kind: "query",
  auth: "public",
  rate: "read",
} as const;
export const liveWebrtcRoutes: readonly RawRoute[] = [
  {
    ...options,
    path: "/api/v1/lives/:id/whip",
    name: "whipOptions",
    summary: "What a WHIP endpoint takes (RFC 9725 §4.2); there are no ICE servers to use.",
  },
  {
    ...options,
    path: "/api/v1/lives/:id/whep",
    name: "whepOptions",
    summary: "What a WHEP endpoint takes; there are no ICE servers to use.",
  },
  {
    ...common,
    verb: "POST",
    path: "/api/v1/lives/:id/whip",
    name: "whip",
    scope: "live:write",
    summary:
      "Publishes to a live room by WebRTC (WHIP, RFC 9725): an offer with H.264 and Opus, as the owner or with the stream key as bearer token. Answers 201 with the answer and the `Location` that ends it.",
    takes: [sdpType],
    auth: "public",
    rate: "write",
  },
  {
    ...common,
    verb: "DELETE",
    path: "/api/v1/lives/:id/whip/:session",
    name: "endWhip",
    scope: "live:write",
    summary: "Ends a publication by WebRTC; its address is the right to.",
    auth: "public",
    rate: "write",
  },
  {
    ...common,
    verb: "POST",
    path: "/api/v1/lives/:id/whep",
    name: "whep",
    scope: "live:read",
    summary:
      "Watches a live room by WebRTC (WHEP): an offer that receives H.264 and Opus. Answers 201 with the answer and the `Location` that ends it; `token` is that of a playback address.",
    takes: [sdpType],
    query: ["token"],
    auth: "public",
    rate: "write",
  },
  {
    ...common,
    verb: "DELETE",
    path: "/api/v1/lives/:id/whep/:session",
    name: "endWhep",
    scope: "live:read",
    summary: "Ends the watching of a live room by WebRTC; its address is the right to.",
    auth: "public",
    rate: "write",
  },
];

const waitMs = 10_000;
const offerBytesMax = 64 * 1024;

interface WebrtcParts {
  readonly client: ClientOf;
  readonly admission: Admission;
}

/** Live streams by WebRTC: offers and answers pass here, the media do not. */
export function liveWebrtc(server: HttpServer, parts: WebrtcParts): void {
  const { client, admission } = parts;
  const on = (name: string, handler: (request: HttpRequest, reply: HttpReply, route: RawRoute) => Promise<unknown>) => {
    const route = routeNamed(liveWebrtcRoutes, name);
    server.route({
      method: route.verb,
      url: route.path,
      declared: `live.${name}`,
      service: "live",
      ...(route.verb === "POST" && { takes: "any" as const }),
      handler: (request, reply) => handler(request, reply, route),
    });
  };

  on("whip", async (request, reply, route) => {
    const id = idOf(request.params["id"]);
    const key = streamKeyOf(request);
    const call = await callOf(request, reply, route);
    const { sdp, sessionId } = await client(live).publish(
      { id, sdp: await offerOf(request), ...(key !== undefined && { key }) },
      call,
    );
    return sendAnswer(reply, `/api/v1/lives/${id}/whip/${sessionId}`, sdp);
  });

  on("whep", async (request, reply, route) => {
    const id = idOf(request.params["id"]);
    const call = await admission.admit(route, route.group, request, reply, waitMs);
    const { token } = request.query;
    const { sdp, sessionId } = await client(live).watch(
      { id, sdp: await offerOf(request), ...(typeof token === "string" && { token }) },
      call,
    );
    return sendAnswer(reply, `/api/v1/lives/${id}/whep/${sessionId}`, sdp);
  });

  // The caller does not matter: clients send any token before they know which is accepted.
  for (const name of ["whipOptions", "whepOptions"])
    on(name, async (_, reply) =>
      reply.code(204).headers({ "accept-post": sdpType, "cache-control": "no-store" }).send(),
    );

  for (const name of ["endWhip", "endWhep"])
    on(name, async (request, reply, route) => {
      const call = await callOf(request, reply, route);
      const { session: sessionId = "" } = request.params;
      await client(live).hangUp({ id: idOf(request.params["id"]), sessionId }, call);
      return reply.code(200).send();
    });

  /** The call of a request. A stream key is no account's token; the service checks it. */
  async function callOf(request: HttpRequest, reply: HttpReply, route: RawRoute): Promise<Call> {
    if (streamKeyOf(request) === undefined) return admission.admit(route, route.group, request, reply, waitMs);
    const call = newCall({ traceId: request.traceId, source: await admission.pseudonym(request.ip), waitMs });
    await admission.count(route.rate, route.group, call);
    return call;
  }
}

/** The stream key that encoders send as bearer token; tokens of sessions have another form. */
function streamKeyOf({ headers }: HttpRequest): string | undefined {
  const [, key] = /^Bearer +([\w-]{22})$/i.exec(headers.authorization ?? "") ?? [];
  return key;
}

/** Empty for a body of another type: who may publish or watch at all is decided before what they send. */
async function offerOf(request: HttpRequest): Promise<string> {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  return type === sdpType ? request.text(offerBytesMax) : "";
}

function sendAnswer(reply: HttpReply, location: string, sdp: string): HttpReply {
  return reply.code(201).type(sdpType).headers({ location, "cache-control": "no-store" }).send(sdp);
}
