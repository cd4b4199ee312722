import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { Call } from "../../call.ts";
import { atDeadline, isDeadlineSignal } from "../../deadline.ts";
import { DeadlineExceeded } from "../../errors.ts";
import { claimHeader } from "../claim.ts";
import { commitsHeader, type ReportedCommits } from "../commits.ts";
import { FrameReader } from "../wire/frame.ts";
import { contentType, GrpcError, status, timeoutText } from "../wire/grpc.ts";
import { errorOf } from "../wire/wire-error.ts";

/** The parts of a call that are sent. */
export interface Request {
  readonly path: string;
  readonly claim: string;
  readonly timeoutMs: number;
  /** With its head. */
  readonly message: Buffer;
  /** The record of the answer's commits, if a caller asks for them. */
  readonly reported: ReportedCommits | undefined;
}

/** Sends a call and yields the message of its answer. @throws KinoraError of the callee, or GrpcError where there is no answer of one */
export function unary(session: ClientHttp2Session, request: Request, call: Call): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = openStream(session, request);
    const frames = new FrameReader();
    let trailers: IncomingHttpHeaders | undefined;
    let message: Buffer | undefined;
    let isOver = false;
    const over = () => {
      isOver = true;
      forget();
    };
    const fail = (error: unknown) => {
      over();
      reject(error);
    };
    const forget = onLate(call, () => {
      if (isOver) return;
      stream.close(constants.NGHTTP2_CANCEL);
      fail(DeadlineExceeded({}, call.signal.reason));
    });
    stream.on("response", (headers) => {
      // An error without an answer arrives with the headers; else trailers follow.
      if (headers["grpc-status"] !== undefined || headers[":status"] !== 200) trailers = headers;
    });
    stream.on("trailers", (headers) => (trailers = headers));
    stream.on("data", (chunk: Buffer) => {
      try {
        for (const frame of frames.read(chunk)) {
          if (message) throw notOne();
          message = frame;
        }
      } catch (error) {
        stream.close(constants.NGHTTP2_CANCEL);
        fail(error);
      }
    });
    stream.on("end", () => {
      if (!trailers) return; // Cut off: the close that follows says by what.
      request.reported?.read(trailers[commitsHeader]);
      const error = errorOf(trailers);
      if (error) fail(error);
      else if (!message || !frames.isBetweenMessages) fail(notOne());
      else {
        over();
        resolve(message);
      }
    });
    stream.on("error", (error) => {
      if (!isOver) fail(broken(stream, error));
    });
    stream.on("close", () => {
      if (!isOver) fail(broken(stream));
    });
    stream.end(request.message);
  });
}

/** As {@link unary}, message by message; the peer sends only as fast as they are taken here. */
export async function* serverStream(
  session: ClientHttp2Session,
  request: Request,
  call: Call,
): AsyncGenerator<Buffer, void> {
  const stream = openStream(session, request);
  const frames = new FrameReader();
  let trailers: IncomingHttpHeaders | undefined;
  let isLate = false;
  const forget = onLate(call, () => {
    isLate = true;
    stream.destroy();
  });
  stream.on("response", (headers) => {
    if (headers["grpc-status"] !== undefined || headers[":status"] !== 200) trailers = headers;
  });
  stream.on("trailers", (headers) => (trailers = headers));
  stream.on("error", () => undefined); // Reading fails with it.
  stream.end(request.message);
  try {
    for await (const chunk of stream) yield* frames.read(chunk as Buffer); // Nobody set an encoding.
    if (isLate) throw DeadlineExceeded({}, call.signal.reason);
    if (!trailers) throw broken(stream);
    const error = errorOf(trailers);
    if (error) throw error;
    if (!frames.isBetweenMessages) throw notOne();
  } catch (error) {
    if (isLate) throw DeadlineExceeded({}, call.signal.reason);
    throw error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("ERR_")
      ? broken(stream, error)
      : error;
  } finally {
    forget();
    if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
  }
}

const openStream = (session: ClientHttp2Session, request: Request): ClientHttp2Stream =>
  session.request({ ...headersOf(request), [claimHeader]: request.claim });

export const headersOf = ({
  path,
  timeoutMs,
}: {
  path: string;
  timeoutMs?: number | undefined;
}): OutgoingHttpHeaders => ({
  ":method": "POST",
  ":path": path,
  "content-type": contentType,
  te: "trailers",
  ...(timeoutMs !== undefined && { "grpc-timeout": timeoutText(timeoutMs) }),
});

/** Calls `late` once when the call's time is over or its caller has left. @returns a function that cancels this */
export function onLate({ signal, deadline }: Call, late: () => void): () => void {
  const forgetDeadline = deadline === undefined ? undefined : atDeadline(deadline, late);
  // A signal that only knows the deadline needs no listener beside it.
  const isMore = deadline === undefined || !isDeadlineSignal(signal);
  if (isMore) signal.addEventListener("abort", late, { once: true });
  return () => {
    forgetDeadline?.();
    if (isMore) signal.removeEventListener("abort", late);
  };
}

const notOne = (): GrpcError => new GrpcError(status.internal, "the answer is not one whole message");

/** The error of a stream that ended without an answer. A request that the peer refused to begin was not executed. */
export function broken(stream: ClientHttp2Stream, cause?: unknown): GrpcError {
  const isOverBefore = cause instanceof Error && "code" in cause && notBegun.includes(String(cause.code));
  const isUnsent = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || isOverBefore;
  return new GrpcError(status.unavailable, "the connection ended before the answer", { isUnsent, cause });
}
/** The session was over before the request was on it. */
const notBegun = ["ERR_HTTP2_GOAWAY_SESSION", "ERR_HTTP2_INVALID_SESSION"];
