import { atDeadline } from "../../deadline.ts";
import { DeadlineExceeded } from "../../errors.ts";
import { answersCodec, type Batch, batchCallsMax, batchCodec, type BatchedAnswer, type BatchedCall } from "../batch.ts";
import { BadIdentity, claimHeader } from "../claim.ts";
import { commitsHeader } from "../commits.ts";
import { headBytes } from "../wire/frame.ts";
import { GrpcError, status } from "../wire/grpc.ts";
import { callMsMax, messageBytesMax } from "../wire/limits.ts";
import { Malformed } from "../wire/protobuf.ts";
import type { Route, ServerContext } from "./server-call.ts";
import { errorTrailers } from "../wire/wire-error.ts";

/** Answers the calls of a batch by these routes, each within its own deadline and as soon as its answer is there. */
export const createBatchRoute = (routes: ReadonlyMap<string, Route>): Route => ({
  kind: "stream",
  patienceMs: callMsMax,
  async *handle(message, context) {
    if (!context.peer.isAuthenticated) throw BadIdentity({});
    const calls = callsOf(message);
    const ready: BatchedAnswer[] = [];
    let wake: (() => void) | undefined;
    for (const [place, call] of calls.entries())
      begin(routes, call, context, (answer) => {
        ready.push({ place, ...answer });
        wake?.();
      });
    for (let answered = 0; answered < calls.length; ) {
      if (ready.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const answers = ready.splice(0);
      answered += answers.length;
      yield* answersOf(answers);
    }
  },
});

/** @throws GrpcError when no client of ours would send this: then the batch fails as a whole */
function callsOf(message: Buffer): readonly BatchedCall[] {
  try {
    const { calls } = batchCodec.decode(message) as Batch; // As it is described there.
    if (calls.length <= batchCallsMax) return calls;
  } catch (error) {
    if (error instanceof Malformed) throw new GrpcError(status.invalidArgument, error.message, { cause: error });
    throw error;
  }
  throw new GrpcError(status.resourceExhausted, `a batch has ${batchCallsMax} calls at most`);
}

/** Has one call handled, and answers it once. */
function begin(
  routes: ReadonlyMap<string, Route>,
  { path, claim, timeoutMs, message }: BatchedCall,
  { peer, signal: disconnection }: ServerContext,
  answer: (result: Omit<BatchedAnswer, "place">) => void,
): void {
  const controller = new AbortController();
  const deadline = performance.now() + Math.min(timeoutMs, callMsMax);
  const context: ServerContext = { headers: { [claimHeader]: claim }, peer, signal: controller.signal, deadline };
  const abort = () => controller.abort();
  let isOver = false;
  const end = (result: Omit<BatchedAnswer, "place">) => {
    if (isOver) return;
    isOver = true;
    forget();
    disconnection.removeEventListener("abort", abort);
    answer(result);
  };
  const fail = (error: unknown) => end({ trailers: JSON.stringify(errorTrailers(error)), ...commitsOf(context) });
  const forget = atDeadline(deadline, () => {
    fail(DeadlineExceeded({}));
    abort();
  });
  disconnection.addEventListener("abort", abort, { once: true });
  const route = routes.get(path);
  if (route?.kind !== "unary") {
    fail(new GrpcError(status.unimplemented, `there is no method ${path} here`));
    return;
  }
  route
    .handle(bufferOf(message), context)
    .then((bytes) => end({ message: bytes.subarray(headBytes), ...commitsOf(context) }), fail);
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
function* answersOf(ready: readonly BatchedAnswer[]): Generator<Buffer> {
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
