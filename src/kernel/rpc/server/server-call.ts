import { constants, type IncomingHttpHeaders, type OutgoingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { atDeadline, endsBy } from "../../deadline.ts";
import { DeadlineExceeded } from "../../errors.ts";
import { FrameReader, fillHead } from "../wire/frame.ts";
import { contentType, GrpcError, status, timeoutMs } from "../wire/grpc.ts";
import type { Nonces } from "../handshake.ts";
import { callMsMax, pendingBytesMax } from "../wire/limits.ts";
import { errorTrailers } from "../wire/wire-error.ts";

/** The other end of a connection. */
export interface Peer {
  readonly address: string;
  /** It has shown that it has the cluster secret. */
  isAuthenticated: boolean;
  /** It asked to be authenticated, and has not shown its proof yet. */
  nonces?: Nonces | undefined;
  /** Bytes of its requests that are not answered. */
  pendingBytes: number;
  /** The same of all peers without the secret. */
  readonly guests: { pendingBytes: number; readonly pendingBytesMax: number };
  /** Calls whose message has not arrived completely. */
  readonly receiving: Set<{ failLate(beganBeforeMs: number): boolean }>;
}

/** The context of a call beside its message. */
export interface ServerContext {
  readonly headers: IncomingHttpHeaders;
  readonly peer: Peer;
  /** Aborts when the caller goes away, or when its time is over. */
  readonly signal: AbortSignal;
  /** On this process's monotonic clock; infinite where nobody set one. */
  readonly deadline: number;
  /** Trailers beside the status, whether the call succeeds or fails. */
  endTrailers?: OutgoingHttpHeaders;
}

/** How the calls of one path are answered. Answers have room for the head of a message in front. */
export type Route = {
  /** How long a call may take when its caller does not say. */
  readonly patienceMs: number;
} & (
  | { readonly kind: "unary"; handle(message: Buffer, context: ServerContext): Promise<Buffer> }
  | { readonly kind: "stream"; handle(message: Buffer, context: ServerContext): AsyncIterable<Buffer> }
  | { readonly kind: "duplex"; handle(messages: AsyncIterable<Buffer>, context: ServerContext): AsyncIterable<Buffer> }
  | { readonly kind: "exchange"; open(context: ServerContext, answers: Answers): Requests }
);

/** The messages of an exchange as they arrive. */
export interface Requests {
  /** @throws GrpcError that ends the exchange */
  receive(message: Buffer): void;
  /** No further messages follow. */
  end(): void;
}
/** The messages that an exchange sends, in any number and at any time. */
export interface Answers {
  /** @param message with room for its head. */
  send(message: Buffer): void;
  end(): void;
}

const okHeaders = { ":status": 200, "content-type": contentType };
const okTrailers = { "grpc-status": "0" };
const withTrailers = { waitForTrailers: true };

/** Ends a call that has had no answer yet: headers and trailers in one. */
export function endWith(stream: ServerHttp2Stream, trailers: OutgoingHttpHeaders): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ...okHeaders, ...trailers }, { endStream: true });
  // Later bytes are not read.
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}

/** One call as it arrives: reads its messages, has them handled, and ends it once, with an answer or an error. */
export class ServerCall implements ServerContext {
  readonly headers: IncomingHttpHeaders;
  readonly peer: Peer;
  readonly deadline: number;
  endTrailers?: OutgoingHttpHeaders;
  readonly #stream: ServerHttp2Stream;
  readonly #route: Route;
  readonly #controller = new AbortController();
  readonly #frames = new FrameReader();
  #message: Buffer | undefined;
  readonly #beganMs: number;
  readonly #isGuest: boolean;
  #heldBytes = 0;
  #isOver = false;

  /** @throws GrpcError when its headers are not as gRPC says */
  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, route: Route, peer: Peer) {
    this.#stream = stream;
    this.#route = route;
    this.#isGuest = !peer.isAuthenticated;
    this.headers = headers;
    this.peer = peer;
    const requestedMs = timeoutMs(headers["grpc-timeout"] as string | undefined); // A header that is there once is text.
    const allowed = Math.min(requestedMs ?? route.patienceMs, route.patienceMs === Infinity ? Infinity : callMsMax);
    this.#beganMs = performance.now();
    this.deadline = this.#beganMs + allowed;
  }

  begin(): void {
    const { peer, deadline } = this;
    const [stream, route] = [this.#stream, this.#route];
    const forget = deadline === Infinity ? undefined : atDeadline(deadline, () => this.#late());
    stream.on("error", () => undefined); // The end of the stream follows, and says the same.
    stream.on("close", () => {
      forget?.();
      peer.receiving.delete(this);
      peer.pendingBytes -= this.#heldBytes;
      if (this.#isGuest) peer.guests.pendingBytes -= this.#heldBytes;
      if (!this.#isOver) this.#controller.abort();
      this.#isOver = true;
    });
    if (route.kind === "duplex") void this.#send(route.handle(this.#messages(), this));
    else if (route.kind === "exchange") this.#exchange((answers) => route.open(this, answers));
    else
      this.#take((message) => {
        if (route.kind === "stream") void this.#send(route.handle(message, this));
        else
          route.handle(message, this).then(
            (bytes) => this.#reply(bytes),
            (error: unknown) => this.#fail(error),
          );
      });
  }

  /** Fails a call that began before `beganBeforeMs` and whose message has not arrived; whether it did. */
  failLate(beganBeforeMs: number): boolean {
    if (this.#isOver || this.#beganMs >= beganBeforeMs) return false;
    this.peer.receiving.delete(this);
    this.#fail(new GrpcError(status.deadlineExceeded, "the message took too long to arrive"));
    return true;
  }

  get signal(): AbortSignal {
    return endsBy(this.#controller.signal, this.deadline);
  }

  /** Reads the one message of a call. */
  #take(handle: (message: Buffer) => void): void {
    const { receiving } = this.peer;
    receiving.add(this);
    this.#stream.on("data", (chunk: Buffer) => {
      if (!this.#isOver) this.#receive(chunk);
    });
    this.#stream.on("end", () => {
      receiving.delete(this);
      if (this.#isOver) return;
      const message = this.#message;
      if (!message || !this.#frames.isBetweenMessages) this.#fail(notOne);
      else handle(message);
    });
  }

  #receive(chunk: Buffer): void {
    this.#heldBytes += chunk.byteLength;
    this.peer.pendingBytes += chunk.byteLength;
    if (this.#isGuest) this.peer.guests.pendingBytes += chunk.byteLength;
    try {
      if (this.peer.pendingBytes > pendingBytesMax)
        throw new GrpcError(
          status.resourceExhausted,
          "this connection has sent more than it may before it is answered",
        );
      if (this.#isGuest && this.peer.guests.pendingBytes > this.peer.guests.pendingBytesMax)
        throw new GrpcError(status.unavailable, "too many calls are being received, ask again in a moment");
      for (const message of this.#frames.read(chunk)) {
        if (this.#message) throw notOne;
        this.#message = message;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #reply(bytes: Buffer): void {
    const stream = this.#stream;
    if (this.#isOver || stream.destroyed) return;
    try {
      fillHead(bytes);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#isOver = true;
    stream.respond(okHeaders, withTrailers);
    const trailers = this.endTrailers ? { ...okTrailers, ...this.endTrailers } : okTrailers;
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    stream.end(bytes);
  }

  async #send(answers: AsyncIterable<Buffer>): Promise<void> {
    const stream = this.#stream;
    try {
      for await (const bytes of answers) {
        if (this.#isOver) return;
        if (!stream.headersSent) stream.respond(okHeaders, withTrailers);
        if (!stream.write(fillHead(bytes))) await drain(stream);
      }
      this.#end(okTrailers);
    } catch (error) {
      this.#fail(error);
    }
  }

  #exchange(open: (answers: Answers) => Requests): void {
    const stream = this.#stream;
    try {
      const requests = open({ send: (message) => this.#write(message), end: () => this.#end(okTrailers) });
      stream.on("data", (chunk: Buffer) => {
        try {
          if (!this.#isOver) this.#frames.read(chunk).forEach((message) => requests.receive(message));
        } catch (error) {
          this.#fail(error);
        }
      });
      stream.on("end", () => {
        if (this.#frames.isBetweenMessages) requests.end();
        else this.#fail(notOne);
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Writes a message of an exchange. While the peer does not read, nothing of it is read here. */
  #write(bytes: Buffer): void {
    const stream = this.#stream;
    if (this.#isOver || stream.destroyed) return;
    try {
      fillHead(bytes);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (!stream.headersSent) stream.respond(okHeaders, withTrailers);
    if (stream.write(bytes) || stream.isPaused()) return;
    stream.pause();
    stream.once("drain", () => stream.resume());
  }

  async *#messages(): AsyncGenerator<Buffer> {
    for await (const chunk of this.#stream.iterator({ destroyOnReturn: false }))
      yield* this.#frames.read(chunk as Buffer); // Nobody set an encoding.
    if (!this.#frames.isBetweenMessages) throw notOne;
  }

  #late(): void {
    if (this.#isOver)
      this.#stream.close(constants.NGHTTP2_CANCEL); // Nobody reads its answer.
    else this.#fail(DeadlineExceeded({}));
    this.#controller.abort();
  }

  #fail(error: unknown): void {
    this.#end({ ...errorTrailers(error), ...this.endTrailers });
  }

  #end(trailers: OutgoingHttpHeaders): void {
    const stream = this.#stream;
    if (this.#isOver || stream.destroyed) return;
    this.#isOver = true;
    if (!stream.headersSent) {
      endWith(stream, trailers);
      return;
    }
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    stream.end();
  }
}

const notOne = new GrpcError(status.unimplemented, "this method takes one whole message");

const drain = (stream: ServerHttp2Stream): Promise<void> =>
  new Promise((resolve) => {
    const settle = () => {
      stream.off("drain", settle);
      stream.off("close", settle);
      resolve();
    };
    stream.on("drain", settle);
    stream.on("close", settle);
  });
