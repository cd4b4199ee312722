import { type Call, failure, KinoraError, type Log, newCall } from "#kernel";
import { Places } from "#kernel/clients/places";
import { admit } from "#kernel/host/chain";
import { SignInFirst } from "#kernel/errors";
import { socketMessageBytesMax } from "#kernel/http/limits";
import type { HttpRequest, HttpServer, HttpSocket } from "#kernel/http/port";
import { auth } from "#services/auth/contract";
import { message, type Update } from "#services/message/contract";
import { z } from "zod";
import type { ClientOf } from "../client-of.ts";
import { isSameOrigin } from "../identity/cookie.ts";
import { type Admission, WrongOrigin } from "../identity/admission.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";
import { updateView } from "../rest/views/messages.ts";
import { jsonWriter } from "../format/json.ts";

interface SocketParts {
  readonly admission: Admission;
  readonly client: ClientOf;
  readonly log: Log;
  readonly addressOf: (request: HttpRequest) => string;
  readonly pace?: Partial<Pace>;
}
/** The intervals and limits of a socket. */
export interface Pace {
  /** A session that ended closes its sockets this much later at most (security S3.2 allows ten seconds). */
  readonly sessionMs: number;
  readonly pingMs: number;
  /** The bytes that a client that does not read may leave in our memory. */
  readonly waitingBytesMax: number;
  readonly framesMax: number;
  readonly framesMs: number;
  readonly perUserMax: number;
}
const usualPace: Pace = {
  sessionMs: 4_000,
  pingMs: 25_000,
  waitingBytesMax: 2 ** 20,
  framesMax: 30,
  framesMs: 10_000,
  perUserMax: 20,
};

const TooManySockets = failure("exhausted", "gateway.too_many_sockets", "too many connections are open, close some");

export const socketRoutes: readonly RawRoute[] = [
  {
    verb: "GET",
    path: "/api/v1/ws",
    group: "message",
    scope: "messages:read",
    name: "socket",
    summary:
      "A WebSocket with the updates of the caller, as `/api/v1/updates` does; by a ticket, or by the cookie of our own pages.",
    answers: "application/json",
    query: ["ticket", "after"],
    auth: "user",
    rate: "read",
    kind: "query",
  },
];

const waitMs = 10_000;
/** The longest life of a stream, and the pause before a broken one is begun again. */
const followMs = 3_600_000;
const retryMs = 1_000;
const batch = 100;
/** RFC 6455 §7.4.1 and, from 4000 on, our own. */
const closes = { policy: 1008, full: 1013, over: 4401 };

const Frame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("resume"), after: z.int().nonnegative() }),
  z.object({ type: z.literal("ping") }),
]);
const writeUpdate = jsonWriter(updateView.full);

/** The one live connection: everything it sends can also be requested over HTTP. */
export function liveSocket(server: HttpServer, { client, log, addressOf, pace, admission }: SocketParts): void {
  const route = routeNamed(socketRoutes, "socket");
  const sizes = { ...usualPace, ...pace };
  const places = new Places({ max: Number.POSITIVE_INFINITY, perHolderMax: sizes.perUserMax });

  /** Identifies the caller of an upgrade by a ticket, or as for every other request. @throws WrongOrigin for pages of other sites */
  async function identify(request: HttpRequest): Promise<Call> {
    const { origin, authorization } = request.headers;
    if (origin !== undefined && !isSameOrigin(request)) throw WrongOrigin({});
    const { ticket } = request.query;
    if (ticket !== undefined) {
      const source = await admission.pseudonym(request.ip);
      const call = newCall({ traceId: request.traceId, source, waitMs });
      const redeemed = await client(message).redeem({ ticket: String(ticket) }, call);
      await admission.count(route.rate, route.group, redeemed);
      return { ...call, ...redeemed };
    }
    const isUpgrade = request.headers.upgrade !== undefined;
    // The browser sends cookies with the requests of every page: the origin of the page must be stated, not guessed.
    if (isUpgrade && authorization === undefined && origin === undefined) throw SignInFirst({});
    const call = await admission.identify(route, request, waitMs);
    admit(route, call);
    await admission.count(route.rate, route.group, call);
    return call;
  }

  server.socket({
    url: route.path,
    declared: "message.socket",
    service: "message",
    messageBytesMax: socketMessageBytesMax,
    async admit(request, reply) {
      const call =
        request.query["ticket"] === undefined && request.headers.upgrade === undefined
          ? await admission.admit(route, route.group, request, reply, waitMs)
          : await identify(request);
      const { userId, sessionId, traceId } = call;
      if (userId === undefined || sessionId === undefined) throw SignInFirst({});
      const after = Number(request.query["after"] ?? Number.NaN);
      if (await hasEnded(client, sessionId, traceId)) throw SignInFirst({});
      if (places.heldBy(String(userId)) >= sizes.perUserMax) throw TooManySockets({});
      return (socket) => {
        // Others may have opened since they passed the check together with this one.
        const place = places.take(String(userId));
        if (typeof place === "string") {
          socket.close(closes.full, "too many connections");
          return;
        }
        const base =
          request.headers.cookie !== undefined && request.query["ticket"] === undefined ? "" : addressOf(request);
        const live = new Live(socket, { client, log, userId, sessionId, traceId, base, sizes });
        live.begin(Number.isSafeInteger(after) && after >= 0 ? after : undefined, () => place.release());
      };
    },
  });
}

/** True if a session ended; false where the auth service cannot be asked. */
async function hasEnded(client: SocketParts["client"], sessionId: string, traceId: string): Promise<boolean> {
  try {
    return !(await client(auth).standing({ sessionId }, newCall({ traceId, waitMs }))).alive;
  } catch (error) {
    if (error instanceof KinoraError && error.kind !== "unavailable") return true;
    return false;
  }
}

interface LiveParts {
  readonly client: SocketParts["client"];
  readonly log: Log;
  readonly userId: number;
  readonly sessionId: string;
  readonly traceId: string;
  readonly base: string;
  readonly sizes: Pace;
}

/** One connection of one user. */
class Live {
  readonly #socket: HttpSocket;
  readonly #parts: LiveParts;
  readonly #end = new AbortController();
  /** The last number that was sent; undefined before the first message. */
  #last: number | undefined;
  #frames = 0;
  #isAnswered = true;
  /** Batches are sent one after the other. */
  #sending: Promise<void> = Promise.resolve();

  constructor(socket: HttpSocket, parts: LiveParts) {
    this.#socket = socket;
    this.#parts = parts;
  }

  begin(after: number | undefined, ended: () => void): void {
    const { sizes } = this.#parts;
    const timers = [
      setInterval(() => this.#ping(), sizes.pingMs),
      setInterval(() => void this.#checkSession(), sizes.sessionMs),
      setInterval(() => void (this.#frames = 0), sizes.framesMs),
    ];
    for (const timer of timers) timer.unref();
    this.#socket.listen({
      message: (text) => this.#read(text),
      pong: () => void (this.#isAnswered = true),
      close: () => {
        for (const timer of timers) clearInterval(timer);
        this.#end.abort();
        ended();
      },
    });
    void this.#follow(after);
  }

  async #follow(after: number | undefined): Promise<void> {
    const { client, userId, traceId, log } = this.#parts;
    const { signal } = this.#end;
    await this.#resume(after);
    while (!signal.aborted) {
      try {
        const call = newCall({ traceId, waitMs: followMs, signal });
        for await (const { seq } of client(message).follow({ userId }, call))
          if (seq !== this.#last) await this.#inTurn(() => this.#catchUp());
      } catch (error) {
        if (signal.aborted) return;
        log.debug("the stream of a socket broke", { userId, err: error });
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
    }
  }

  /** Resumes after a number, or begins now. */
  #resume(after: number | undefined): Promise<void> {
    return this.#inTurn(async () => {
      const { seq, reset } = await this.#updates(after, 1);
      this.#last = after === undefined || reset ? seq : after;
      this.#send(`{"type":"${reset ? "reset" : "hello"}","seq":${this.#last}}`);
      await this.#catchUp();
    });
  }

  async #catchUp(): Promise<void> {
    for (let isMore = true; isMore && !this.#end.signal.aborted; ) {
      const { items, seq, reset } = await this.#updates(this.#last, batch);
      if (reset) this.#send(`{"type":"reset","seq":${seq}}`);
      const { client, log, base } = this.#parts;
      const call = this.#call();
      const reportDegraded = (part: string, error: unknown) =>
        log.warn("an answer was sent with defaults", { part, traceId: call.traceId, err: error });
      for (const whole of await updateView.hydrate(items, { client, call, reportDegraded }))
        this.#send(`{"type":"update","data":${writeUpdate(whole, base)}}`);
      this.#last = seq;
      isMore = items.length === batch;
    }
  }

  #updates(after: number | undefined, limit: number): Promise<{ items: Update[]; seq: number; reset: boolean }> {
    return this.#parts.client(message).updates({ limit, ...(after !== undefined && { after }) }, this.#call());
  }

  #call(): Call {
    const { userId, sessionId, traceId } = this.#parts;
    return newCall({ userId, sessionId, role: "user", traceId, waitMs });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#sending = this.#sending.then(work).catch((error: unknown) => {
      if (this.#end.signal.aborted) return;
      this.#parts.log.warn("a socket missed updates", { userId: this.#parts.userId, err: error });
      // A client that reconnects receives the missed updates.
      this.#socket.close(1011, "try again");
    });
    return this.#sending;
  }

  #send(text: string): void {
    if (this.#socket.waitingBytes > this.#parts.sizes.waitingBytesMax) this.#socket.destroy();
    else this.#socket.send(text);
  }

  #read(text: string): void {
    this.#frames += 1;
    if (this.#frames > this.#parts.sizes.framesMax) {
      this.#socket.close(closes.policy, "too many frames");
      return;
    }
    const frame = Frame.safeParse(parseFrame(text));
    if (!frame.success) this.#socket.close(closes.policy, "no such frame");
    else if (frame.data.type === "ping") this.#send('{"type":"pong"}');
    else void this.#resume(frame.data.after);
  }

  #ping(): void {
    if (!this.#isAnswered) {
      this.#socket.destroy();
      return;
    }
    this.#isAnswered = false;
    this.#socket.ping();
  }

  async #checkSession(): Promise<void> {
    const { client, sessionId, traceId } = this.#parts;
    if (await hasEnded(client, sessionId, traceId)) this.#socket.close(closes.over, "the session is over");
  }
}

function parseFrame(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
