import { atDeadline, endsBy } from "../../deadline.ts";
import { DeadlineExceeded } from "../../errors.ts";
import { answersCodec, type Batch, batchCallsMax, batchCodec, type BatchedAnswer, type BatchedCall } from "../batch.ts";
import { BadIdentity, claimHeader } from "../claim.ts";
import { commitsHeader } from "../commits.ts";
import { headBytes } from "../wire/frame.ts";
import { GrpcError, status } from "../wire/grpc.ts";
import { callMsMax, callsMax, messageBytesMax, pendingBytesMax } from "../wire/limits.ts";
import { Malformed } from "../wire/protobuf.ts";
import type { Answers, Requests, Route, ServerContext } from "./server-call.ts";
import { errorTrailers } from "../wire/wire-error.ts";

/** Answers the calls of batches by these routes, each within its own deadline and as soon as its answer is there. */
export const createBatchRoute = (routes: ReadonlyMap<string, Route>): Route => ({
  kind: "exchange",
  patienceMs: Infinity,
  open(context, answers) {
    if (!context.peer.isAuthenticated) throw BadIdentity({});
    return new BatchedCalls(routes, context, answers);
  },
});

type Outcome = Omit<BatchedAnswer, "place">;

/** The calls of one stream. */
class BatchedCalls implements Requests {
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #context: ServerContext;
  readonly #answers: Answers;
  /** Functions that cancel the calls without an answer, by their places. */
  readonly #open = new Map<number, () => void>();
  #ready: BatchedAnswer[] = [];
  #placeOfNext = 0;
  #isEnded = false;

  constructor(routes: ReadonlyMap<string, Route>, context: ServerContext, answers: Answers) {
    this.#routes = routes;
    this.#context = context;
    this.#answers = answers;
    context.signal.addEventListener("abort", () => this.#open.forEach((cancel) => cancel()), { once: true });
  }

  receive(message: Buffer): void {
    const { calls, cancelled } = batchOf(message);
    for (const place of cancelled) this.#open.get(place)?.();
    for (const call of calls) this.#begin(this.#placeOfNext++, call);
  }

  end(): void {
    this.#isEnded = true;
    this.#endWhenAnswered();
  }

  /** Has one call handled, and answers it once, unless it is cancelled before. */
  #begin(place: number, { path, claim, timeoutMs, message }: BatchedCall): void {
    const { peer } = this.#context;
    const route = this.#routes.get(path);
    const refuse = (code: number, reason: string) =>
      this.#answer({ place, trailers: JSON.stringify(errorTrailers(new GrpcError(code, reason))) });
    if (route?.kind !== "unary") {
      refuse(status.unimplemented, `there is no method ${path} here`);
      return;
    }
    if (this.#open.size >= callsMax || peer.pendingBytes > pendingBytesMax) {
      refuse(status.resourceExhausted, "this connection has more calls than it may before they are answered");
      return;
    }
    const controller = new AbortController();
    const deadline = performance.now() + Math.min(timeoutMs, callMsMax);
    const signal = endsBy(controller.signal, deadline);
    const context: ServerContext = { headers: { [claimHeader]: claim }, peer, signal, deadline };
    const end = (outcome?: Outcome) => {
      if (!this.#open.delete(place)) return;
      forget();
      peer.pendingBytes -= message.byteLength;
      if (outcome) this.#answer({ place, ...outcome });
    };
    const fail = (error: unknown) => end({ trailers: JSON.stringify(errorTrailers(error)), ...commitsOf(context) });
    const forget = atDeadline(deadline, () => {
      fail(DeadlineExceeded({}));
      controller.abort();
    });
    peer.pendingBytes += message.byteLength;
    this.#open.set(place, () => {
      end();
      controller.abort();
      this.#endWhenAnswered();
    });
    route
      .handle(bufferOf(message), context)
      .then((bytes) => end({ message: bytes.subarray(headBytes), ...commitsOf(context) }), fail);
  }

  /** Answers that are there in one turn of the event loop go together. */
  #answer(answer: BatchedAnswer): void {
    this.#ready.push(answer);
    if (this.#ready.length > 1) return;
    setImmediate(() => {
      for (const message of messagesOf(this.#ready)) this.#answers.send(message);
      this.#ready = [];
      this.#endWhenAnswered();
    });
  }

  #endWhenAnswered(): void {
    if (this.#isEnded && this.#open.size === 0 && this.#ready.length === 0) this.#answers.end();
  }
}

/** @throws GrpcError when no client of ours would send this: then the stream fails as a whole */
function batchOf(message: Buffer): Batch {
  try {
    const batch = batchCodec.decode(message) as Batch; // As it is described there.
    if (batch.calls.length <= batchCallsMax) return batch;
  } catch (error) {
    if (error instanceof Malformed) throw new GrpcError(status.invalidArgument, error.message, { cause: error });
    throw error;
  }
  throw new GrpcError(status.resourceExhausted, `a batch has ${batchCallsMax} calls at most`);
}

function commitsOf({ endTrailers }: ServerContext): Pick<BatchedAnswer, "commits"> | undefined {
  const commits = endTrailers?.[commitsHeader];
  return typeof commits === "string" ? { commits } : undefined;
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** The overhead of an answer. */
const aroundBytes = 64;

/** Answers that are there together go together, as far as a message may hold them. */
function* messagesOf(ready: readonly BatchedAnswer[]): Generator<Buffer> {
  let [answers, bytes]: [BatchedAnswer[], number] = [[], 0];
  for (const answer of ready) {
    const answerBytes =
      (answer.message?.byteLength ?? 0) + (answer.trailers?.length ?? 0) + (answer.commits?.length ?? 0) + aroundBytes;
    if (bytes + answerBytes > messageBytesMax && answers.length > 0) {
      yield answersCodec.encode({ answers }, headBytes);
      [answers, bytes] = [[], 0];
    }
    answers.push(answerBytes > messageBytesMax ? withoutMessage(answer) : answer);
    bytes += answerBytes > messageBytesMax ? aroundBytes : answerBytes;
  }
  yield answersCodec.encode({ answers }, headBytes);
}
function withoutMessage({ message: _, ...answer }: BatchedAnswer): BatchedAnswer {
  return { ...answer, trailers: tooLarge() };
}
const tooLarge = (): string =>
  JSON.stringify(errorTrailers(new GrpcError(status.resourceExhausted, "the answer is larger than a message may be")));
