import { type ClientHttp2Session, type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2";
import type { Call } from "../../call.ts";
import { isDeadlineSignal } from "../../deadline.ts";
import { DeadlineExceeded } from "../../errors.ts";
import {
  answersCodec,
  type BatchAnswers,
  batchCallsMax,
  batchCodec,
  type BatchedAnswer,
  type BatchedCall,
  batchedBytesMax,
  batchPath,
} from "../batch.ts";
import { broken, headersOf, onLate, type Request, unary } from "./client-call.ts";
import { FrameReader, fillHead, headBytes } from "../wire/frame.ts";
import { GrpcError, status } from "../wire/grpc.ts";
import { errorOf } from "../wire/wire-error.ts";

/** A call that waits for the end of this turn, or for its answer. */
interface Waiting {
  readonly request: Request;
  readonly call: Call;
  resolve(message: Buffer | Promise<Buffer>): void;
  reject(error: unknown): void;
}

const calls = new WeakMap<ClientHttp2Session, CallsOfSession>();

/** The calls of a connection. */
export function callsOf(session: ClientHttp2Session): CallsOfSession {
  const existing = calls.get(session);
  if (existing) return existing;
  const created = new CallsOfSession(session);
  calls.set(session, created);
  return created;
}

/** Makes the calls of one connection, those of a turn of the event loop together. */
export class CallsOfSession {
  /** The server takes many batches on one stream. Other servers get a stream for each, and single calls by themselves. */
  areLasting = false;
  readonly #session: ClientHttp2Session;
  #turn: Waiting[] = [];
  #stream: BatchStream | undefined;
  #sent = 0;

  constructor(session: ClientHttp2Session) {
    this.#session = session;
    // Calls of this turn are still taken there: the server answers what it gets before the end of the stream.
    session.once("goaway", () => this.end());
  }

  /** How many calls were made in batches. */
  get sent(): number {
    return this.#sent;
  }

  /** As {@link unary}, together with other calls where that is cheaper. */
  call(request: Request, call: Call): Promise<Buffer> {
    const isBatched = this.areLasting || (isDeadlineSignal(call.signal) && call.deadline !== undefined);
    if (!isBatched || request.message.byteLength > batchedBytesMax) return unary(this.#session, request, call);
    return new Promise((resolve, reject) => {
      const count = this.#turn.push({ request, call, resolve, reject });
      if (count === batchCallsMax) this.#send();
      else if (count === 1) setImmediate(() => this.#send());
    });
  }

  /** Lets the calls under way come to their end. */
  end(): void {
    this.#send();
    this.#stream?.end();
  }

  #send(): void {
    const waiting = this.#turn.filter((waitingCall) => !refuseAborted(waitingCall));
    this.#turn = [];
    const [first] = waiting;
    if (!first) return;
    this.#sent += waiting.length;
    const session = this.#session;
    try {
      if (this.areLasting) {
        if (!this.#stream?.isOpen) this.#stream = new BatchStream(session);
        this.#stream.send(waiting);
      } else if (waiting.length === 1) first.resolve(unary(session, first.request, first.call));
      else {
        const stream = new BatchStream(session, Math.max(...waiting.map(({ request }) => request.timeoutMs)));
        stream.send(waiting);
        stream.end();
      }
    } catch (error) {
      // The connection was closed in this turn.
      for (const waitingCall of waiting) waitingCall.reject(notBegun(error));
    }
  }
}

/** Refuses a call whose caller left before it was sent. @returns true if it did */
function refuseAborted(waiting: Waiting): boolean {
  const { signal } = waiting.call;
  if (signal.aborted) waiting.reject(DeadlineExceeded({}, signal.reason));
  return signal.aborted;
}

const notBegun = (cause: unknown): GrpcError =>
  new GrpcError(status.unavailable, "the connection ended before the call", { isUnsent: true, cause });

/** A stream of batches and of their answers. */
class BatchStream {
  readonly #stream: ClientHttp2Stream;
  readonly #open = new Map<number, { readonly waiting: Waiting; readonly forget: () => void }>();
  #placeOfNext = 0;
  #cancelled: number[] = [];

  /** @param timeoutMs the time of the whole stream; absent for one that lasts as long as the connection. */
  constructor(session: ClientHttp2Session, timeoutMs?: number) {
    this.#stream = session.request(headersOf({ path: batchPath, timeoutMs }));
    read(
      this.#stream,
      (answer) => this.#settle(answer),
      (reason) => this.#fail(reason),
    );
  }

  /** True if further batches can be sent. */
  get isOpen(): boolean {
    const { closed, destroyed, writableEnded, readableEnded } = this.#stream;
    return !closed && !destroyed && !writableEnded && !readableEnded;
  }

  send(calls: readonly Waiting[]): void {
    for (const waiting of calls) {
      const place = this.#placeOfNext++;
      this.#open.set(place, { waiting, forget: onLate(waiting.call, () => this.#cancel(place)) });
    }
    this.#write(
      calls.map(
        ({ request: { path, claim, timeoutMs, message } }): BatchedCall => ({
          path,
          claim,
          timeoutMs,
          message: message.subarray(headBytes),
        }),
      ),
    );
  }

  /** No further batch follows. The stream closes when all calls are answered. */
  end(): void {
    this.#stream.end();
  }

  #write(calls: readonly BatchedCall[]): void {
    this.#stream.write(fillHead(batchCodec.encode({ calls, cancelled: this.#cancelled }, headBytes)));
    this.#cancelled = [];
  }

  /** A call is late, or its caller has left. */
  #cancel(place: number): void {
    const call = this.#take(place);
    call?.reject(DeadlineExceeded({}, call.call.signal.reason));
    if (!this.isOpen) {
      if (this.#open.size === 0) this.#stream.close(constants.NGHTTP2_CANCEL);
      return;
    }
    // Many calls end together where their caller leaves.
    if (this.#cancelled.push(place) === 1)
      setImmediate(() => this.isOpen && this.#cancelled.length > 0 && this.#write([]));
  }

  #take(place: number): Waiting | undefined {
    const call = this.#open.get(place);
    this.#open.delete(place);
    call?.forget();
    return call?.waiting;
  }

  #settle({ place, message, trailers, commits }: BatchedAnswer): void {
    const call = this.#take(place);
    call?.request.reported?.read(commits);
    if (message) call?.resolve(Buffer.from(message.buffer));
    else call?.reject(errorOf(JSON.parse(trailers ?? "{}") as Record<string, unknown>) ?? unansweredError());
  }

  /** An error with its stack costs as much as several answers: it is made only where a call still waits. */
  #fail(reason: () => unknown): void {
    if (this.#open.size === 0) return;
    const error = reason();
    for (const place of this.#open.keys()) this.#take(place)?.reject(error);
  }
}

/** Calls `settle` with each answer, and `fail` once when none will follow. */
function read(
  stream: ClientHttp2Stream,
  settle: (answer: BatchedAnswer) => void,
  fail: (reason: () => unknown) => void,
): void {
  const frames = new FrameReader();
  let trailers: IncomingHttpHeaders | undefined;
  stream.on("response", (headers) => {
    if (headers["grpc-status"] !== undefined || headers[":status"] !== 200) trailers = headers;
  });
  stream.on("trailers", (headers) => (trailers = headers));
  stream.on("data", (chunk: Buffer) => {
    try {
      for (const message of frames.read(chunk)) {
        const { answers } = answersCodec.decode(message) as BatchAnswers; // As it is described there.
        for (const answer of answers) settle(answer);
      }
    } catch (error) {
      stream.close(constants.NGHTTP2_CANCEL);
      fail(() => error);
    }
  });
  stream.on("end", () => {
    stream.end();
    if (trailers) fail(() => errorOf(trailers ?? {}) ?? unansweredError());
  });
  stream.on("error", (error) => fail(() => broken(stream, error)));
  stream.on("close", () => fail(() => broken(stream)));
}

const unansweredError = (): GrpcError => new GrpcError(status.internal, "a batch ended without this answer");
