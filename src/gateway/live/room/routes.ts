import { type Call, failure, type Log, newCall } from "#kernel";
import { Places } from "#kernel/clients/places";
import { SignInFirst } from "#kernel/errors";
import { admit as assertMayCall } from "#kernel/host/chain";
import { socketMessageBytesMax } from "#kernel/http/limits";
import type { HttpReply, HttpRequest, HttpServer, HttpSocket } from "#kernel/http/port";
import { personOf } from "#policy/persons";
import { live } from "#services/live/contract";
import type { ClientOf } from "../../client-of.ts";
import { idOf } from "../../delivery/streams.ts";
import { type Admission, WrongOrigin } from "../../identity/admission.ts";
import { isSameOrigin } from "../../identity/cookie.ts";
import { type RawRoute, routeNamed } from "../../raw-route.ts";
import { RoomHubs } from "./hubs.ts";
import { Member, type Outlet } from "./member.ts";
import { Speaker } from "./speaker.ts";

const RoomAway = failure("unavailable", "gateway.room_away", "this live room cannot be reached right now");
const TooManyOpen = failure("exhausted", "gateway.too_many_sockets", "too many connections are open, close some");

const common = { verb: "GET", group: "live", scope: "live:read", rate: "read", kind: "query" } as const;
export const liveRoomRoutes: readonly RawRoute[] = [
  {
    ...common,
    path: "/api/v1/lives/:id/ws",
    name: "roomSocket",
    summary:
      "A WebSocket with the chat and the events of a live room, by the ticket in the `ws_url` of `join`, a token, or the cookie of our own pages.",
    answers: "application/json",
    query: ["ticket", "token", "last", "v"],
    auth: "user",
  },
  {
    ...common,
    path: "/api/v1/lives/:id/events",
    name: "roomEvents",
    summary: "The same as server-sent events, for clients without WebSocket; `Last-Event-ID` resumes.",
    answers: "text/event-stream",
    query: ["last"],
    auth: "public",
  },
];

const waitMs = 10_000;
const beginMs = 5_000;
const pingMs = 25_000;
/** Sockets and event streams of one account, and event streams of one client network without an account. */
const perUserMax = 20;
const perNetworkMax = 100;

export interface RoomPace {
  /** A viewer who may not stay is gone this much later at most (security S3.2 allows ten seconds). */
  readonly checkMs: number;
  readonly pingMs: number;
}

interface Served extends RoomParts {
  /** The limit of connections to all rooms, by person. */
  readonly places: Places;
}

interface RoomParts {
  readonly client: ClientOf;
  readonly log: Log;
  readonly admission: Admission;
  readonly instance: string;
  readonly pace?: Partial<RoomPace> | undefined;
}

/** The chat and the events of live rooms, as sockets and as event streams. */
export function liveRooms(server: HttpServer, parts: RoomParts): void {
  const { client, log, admission, instance, pace } = parts;
  const hubs = new RoomHubs({ client, log, instance, checkMs: pace?.checkMs ?? 6_000 });
  server.onClose(() => hubs.close());
  const places = new Places({ max: Number.POSITIVE_INFINITY, perHolderMax: perUserMax });
  socketRoute(server, hubs, { ...parts, places }, pace?.pingMs ?? pingMs);
  eventRoute(server, hubs, { client, admission, places });
}

/** @throws RoomAway */
async function requireBegun(hubs: RoomHubs, id: number): Promise<void> {
  if (!(await hubs.of(id).hasBegun(beginMs))) throw RoomAway({});
}

/** The number that a client resumes after. */
function lastOf(value: string | string[] | undefined): number | undefined {
  const last = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : undefined;
  return last !== undefined && Number.isSafeInteger(last) ? last : undefined;
}

/**
 * The caller of an upgrade: by a ticket, by a token in the address (clients of older systems have it there), or as for
 * every other request. A page of another site is refused whatever it has.
 */
async function callerOfSocket(request: HttpRequest, id: number, { admission, client }: RoomParts): Promise<Call> {
  const route = routeNamed(liveRoomRoutes, "roomSocket");
  const { origin, authorization } = request.headers;
  const { ticket, token } = request.query;
  // A token in the address was put there by the page itself: no browser adds it, so any page may.
  const isOwnWord = token !== undefined && ticket === undefined;
  if (!isOwnWord && origin !== undefined && !isSameOrigin(request)) throw WrongOrigin({});
  if (ticket !== undefined) {
    const call = newCall({ traceId: request.traceId, source: await admission.pseudonym(request.ip), waitMs });
    const { unlock, ...holder } = await client(live).redeemTicket({ id, ticket: String(ticket) }, call);
    await admission.count(route.rate, route.group, holder);
    return { ...call, ...holder, ...(unlock !== undefined && { unlock }) };
  }
  // The browser sends cookies with the requests of every page: the origin of the page must be stated, not guessed.
  if (!isOwnWord && authorization === undefined && origin === undefined) throw SignInFirst({});
  const declared = isOwnWord ? { ...route, credential: { token: String(token) } } : route;
  const call = await admission.identify(declared, request, waitMs);
  assertMayCall(route, call);
  await admission.count(route.rate, route.group, call);
  return call;
}

function socketRoute(server: HttpServer, hubs: RoomHubs, parts: Served, everyMs: number): void {
  const { client, admission, places } = parts;
  const route = routeNamed(liveRoomRoutes, "roomSocket");
  server.socket({
    url: route.path,
    declared: "live.roomSocket",
    service: "live",
    messageBytesMax: socketMessageBytesMax,
    async admit(request, reply) {
      const isUpgrade = request.headers.upgrade !== undefined || request.query["ticket"] !== undefined;
      const id = idOf(request.params["id"]);
      const call = isUpgrade
        ? await callerOfSocket(request, id, parts)
        : await admission.admit(route, route.group, request, reply, waitMs);
      const { userId } = call;
      if (userId === undefined) throw SignInFirst({});
      const attended = await client(live).attend({ id }, call);
      const person = personOf(call);
      if (places.heldBy(person) >= perUserMax) throw TooManyOpen({});
      if (isUpgrade) await requireBegun(hubs, id);
      return (socket) => {
        const place = places.take(person);
        if (typeof place === "string") {
          socket.close(1013, "too many connections");
          return;
        }
        const isBatched = request.query["v"] === "2";
        const { username, generation, isGranted, ownerId } = attended;
        const identity = { userId, person, username, sessionId: call.sessionId, generation, isGranted };
        const member = new Member(identity, socketOutlet(socket, isBatched), 0);
        const hub = hubs.enter(id, member, lastOf(request.query["last"]));
        const askOnline = () => hubs.ask(id, member);
        const speaker = new Speaker({ id, ownerId, member, hub, client, call, askOnline });
        serve(socket, speaker, everyMs, () => {
          hubs.leave(id, member);
          place.release();
        });
      };
    },
  });
}

function socketOutlet(socket: HttpSocket, isBatched: boolean): Outlet {
  return {
    send: (frames) => socket.sendFrames(isBatched ? frames.batchFrame : frames.singleFrames),
    get waitingBytes() {
      return socket.waitingBytes;
    },
    close(code, reason) {
      socket.close(code, reason);
      // A client that does not read does not answer the close frame either.
      if (code === 1013) setTimeout(() => socket.destroy(), 1_000).unref();
    },
  };
}

/** Reads what a viewer sends until the connection ends. */
function serve(socket: HttpSocket, speaker: Speaker, everyMs: number, ended: () => void): void {
  let isAnswered = true;
  const timer = setInterval(() => {
    if (!isAnswered) {
      socket.destroy();
      return;
    }
    isAnswered = false;
    socket.ping();
  }, everyMs).unref();
  speaker.announce("user_joined");
  socket.listen({
    message: (text) => speaker.read(text),
    pong: () => void (isAnswered = true),
    close() {
      clearInterval(timer);
      speaker.announce("user_left");
      ended();
    },
  });
}

function eventRoute(
  server: HttpServer,
  hubs: RoomHubs,
  { client, admission, places }: Pick<Served, "client" | "admission" | "places">,
) {
  const route = routeNamed(liveRoomRoutes, "roomEvents");
  server.route({
    method: "GET",
    url: route.path,
    declared: "live.roomEvents",
    service: "live",
    async handler(request, reply) {
      const call = await admission.admit(route, route.group, request, reply, waitMs);
      const id = idOf(request.params["id"]);
      const { generation, isGranted } = await client(live).attend({ id }, call);
      await requireBegun(hubs, id);
      const after = lastOf(request.headers["last-event-id"]) ?? lastOf(request.query["last"]);
      const person = personOf(call);
      const place = places.take(person, { perHolderMax: call.userId === undefined ? perNetworkMax : perUserMax });
      if (typeof place === "string") throw TooManyOpen({});
      const standing = { sessionId: call.sessionId, generation, isGranted };
      const identity = { userId: call.userId ?? 0, person, username: "", ...standing };
      const member = new Member(identity, eventOutlet(reply), 0);
      // A comment at intervals: proxies close silent connections, and a failed write shows that the client has left.
      const timer = setInterval(() => reply.raw.write(":\n\n"), pingMs).unref();
      reply.raw.once("close", () => {
        clearInterval(timer);
        place.release();
        hubs.leave(id, member);
      });
      hubs.enter(id, member, after);
      return reply;
    },
  });
}

/** Answers with an event stream, and writes the frames of the room to it. */
function eventOutlet(reply: HttpReply): Outlet {
  const headers = reply.type("text/event-stream").header("cache-control", "no-store").getHeaders();
  const { raw } = reply.hijack();
  // Headers that are set have a value.
  raw.writeHead(200, headers as Readonly<Record<string, string | number | string[]>>);
  raw.write("retry: 1000\n\n");
  return {
    send: (frames) => void raw.write(frames.events),
    get waitingBytes() {
      return raw.writableLength;
    },
    close: (code) => (code === 1013 ? raw.destroy() : raw.end()),
  };
}
