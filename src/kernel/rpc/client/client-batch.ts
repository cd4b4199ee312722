import { type ClientHttp2Session, type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2";
import type { Call } from "../../call.ts";
import { atDeadline, isDeadlineSignal } from "../../deadline.ts";
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
import { broken, headersOf, type Request, unary } from "./client-call.ts";
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

/** The calls of this turn, for each connection. */
const turns = new WeakMap<ClientHttp2Session, Waiting[]>();

/**
 * As {@link unary}, together with the other calls of this turn where that is cheaper. A call whose caller may go away
 * before its time is over travels by itself, so that it can be cancelled.
 */
export function call(session: ClientHttp2Session, request: Request, call: Call): Promise<Buffer> {
  const isAlone = !isDeadlineSignal(call.signal) || call.deadline === undefined;
  if (isAlone || request.message.byteLength > batchedBytesMax) return unary(session, request, call);
  return new Promise((resolve, reject) => {
    const waiting = turns.get(session);
    const waitingCall = { request, call: call, resolve, reject };
    if (waiting) {
      waiting.push(waitingCall);
      if (waiting.length < batchCallsMax) return;
      turns.delete(session);
      send(session, waiting);
    } else {
      const first = [waitingCall];
      turns.set(session, first);
      setImmediate(() => {
        if (turns.get(session) !== first) return; // It was full, and is sent.
        turns.delete(session);
        send(session, first);
      });
    }
  });
}

function send(session: ClientHttp2Session, calls: readonly Waiting[]): void {
  const [only] = calls;
  if (calls.length > 1 || !only) sendBatch(session, calls);
  else only.resolve(unary(session, only.request, only.call));
}

function sendBatch(session: ClientHttp2Session, calls: readonly Waiting[]): void {
  const open = new Map(calls.map((openCall, place) => [place, openCall]));
  const forgets = calls.map((openCall, place) =>
    // Its deadline is the callee's too.
    atDeadline(openCall.call.deadline ?? 0, () => {
      if (open.delete(place)) openCall.reject(DeadlineExceeded({}, openCall.call.signal.reason));
      if (open.size === 0) stream.close(constants.NGHTTP2_CANCEL);
    }),
  );
  const settle = ({ place, message, trailers, commits }: BatchedAnswer) => {
    const openCall = open.get(place);
    open.delete(place);
    forgets[place]?.();
    openCall?.request.reported?.read(commits);
    if (message) openCall?.resolve(Buffer.from(message.buffer));
    else openCall?.reject(errorOf(JSON.parse(trailers ?? "{}") as Record<string, unknown>) ?? unansweredError());
  };
  // An error with its stack costs as much as several answers: it is made only where a call still waits.
  const fail = (reason: () => unknown) => {
    if (open.size === 0) return;
    const error = reason();
    for (const [place, openCall] of open) {
      forgets[place]?.();
      openCall.reject(error);
    }
    open.clear();
  };
  const timeoutMs = Math.max(...calls.map(({ request }) => request.timeoutMs));
  const stream = session.request(headersOf({ path: batchPath, timeoutMs }));
  read(stream, settle, fail);
  const batched = calls.map(
    ({ request: { path, claim, timeoutMs: leftMs, message } }): BatchedCall => ({
      path,
      claim,
      timeoutMs: leftMs,
      message: message.subarray(headBytes),
    }),
  );
  stream.end(fillHead(batchCodec.encode({ calls: batched }, headBytes)));
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
    if (trailers) fail(() => errorOf(trailers ?? {}) ?? unansweredError());
  });
  stream.on("error", (error) => fail(() => broken(stream, error)));
  stream.on("close", () => fail(() => broken(stream)));
}

const unansweredError = (): GrpcError => new GrpcError(status.internal, "a batch ended without this answer");
