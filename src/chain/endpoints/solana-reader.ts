import type { ChainFault, EndpointPort } from "./port.ts";
import { askAnew, type Attempt } from "./attempts.ts";
import { agreedValue, type Ask, firstFault, gather, valuesOf } from "./gather.ts";
import { askBatch, type RpcAnswer, type RpcCall } from "./json-rpc.ts";
import { EndpointError } from "./port.ts";
import { type Commitment, grantCommitment, latestCommitment, type ReachedSlots, reachSlots } from "./solana-slots.ts";
import { ChainUnavailable, type ChainSource } from "./source.ts";

/** Something that an endpoint answers at a commitment. */
export interface SolanaQuestion {
  readonly call: (commitment: Commitment, slotMin: number) => RpcCall;
  /** The value that endpoints must agree on. @throws {EndpointError} for a result that is no answer to the question */
  readonly read: (answer: RpcAnswer) => bigint;
}

/** The values at both commitments, or why enough endpoints do not agree on them. */
export type SolanaReading =
  | { readonly latest: bigint; readonly grant: bigint; readonly slot: number }
  | { readonly fault: ChainFault };

const callsPerBatch = 200;
/** The endpoint has not reached the slot that others have. */
const behind = -32_016;

/** One reading for each question. Nothing is read by hash on Solana: endpoints agree on values from a slot on. */
export async function readSolana(
  source: ChainSource,
  questions: readonly SolanaQuestion[],
): Promise<readonly SolanaReading[]> {
  return askAnew(
    questions.map((): SolanaReading => ({ fault: "no_answer" })),
    (reading) => "fault" in reading,
    (indices, isPatient) =>
      readOnce(
        source,
        indices.flatMap((index) => questions[index] ?? []),
        isPatient,
      ),
  );
}

async function readOnce(
  source: ChainSource,
  questions: readonly SolanaQuestion[],
  isPatient: boolean,
): Promise<Attempt<SolanaReading>> {
  const { agree, deadline_ms: deadlineMs } = source.chain;
  let slots: ReachedSlots;
  try {
    slots = await reachSlots(source, isPatient);
  } catch (error) {
    if (!(error instanceof ChainUnavailable)) throw error;
    const { fault } = error;
    return { results: questions.map(() => ({ fault })), isWorthAnother: false };
  }
  const decideBy = (endpoints: readonly (readonly Vote[])[], silent: ChainFault): readonly SolanaReading[] =>
    questions.map((_, index) => {
      const votes = endpoints.flatMap((votesOfAll) => votesOfAll[index] ?? []);
      return decide(votes, { agree, slot: slots.latest, silent });
    });
  const answers = await gather(
    slots.supporters.map((endpoint): Ask<readonly Vote[]> => {
      const port = source.endpoints[endpoint];
      if (port === undefined) throw new RangeError(`there is no endpoint ${endpoint}`);
      return { endpoint, run: (signal) => votesOf(port, questions, { slots, grant: grantCommitment(source) }, signal) };
    }),
    {
      deadlineMs,
      graceMs: 0,
      isEnough: (endpoints) => !isPatient && decideBy(endpoints, "no_answer").every((reading) => !("fault" in reading)),
      observe: source.observe,
    },
  );
  return { results: decideBy(valuesOf(answers), firstFault(answers)), isWorthAnother: true };
}

/** The answer of one endpoint to one question. */
type Vote = { readonly latest: bigint; readonly grant: bigint } | { readonly fault: ChainFault };

interface Decision {
  readonly agree: number;
  readonly slot: number;
  /** The fault of an endpoint that answers none of the questions. */
  readonly silent: ChainFault;
}

function decide(votes: readonly Vote[], { agree, slot, silent }: Decision): SolanaReading {
  const values = votes.flatMap((vote) => ("fault" in vote ? [] : [vote]));
  const winner = agreedValue(values, agree, ({ latest, grant }) => `${latest} ${grant}`);
  if (winner !== undefined) return { ...winner, slot };
  const fault = votes.flatMap((vote) => ("fault" in vote ? [vote.fault] : []))[0] ?? silent;
  return { fault: values.length >= agree ? "disagreement" : fault };
}

async function votesOf(
  port: EndpointPort,
  questions: readonly SolanaQuestion[],
  { slots, grant }: { readonly slots: ReachedSlots; readonly grant: Commitment },
  signal: AbortSignal,
): Promise<readonly Vote[]> {
  const isOneRead = grant === latestCommitment;
  const calls = questions.flatMap(({ call }) => [
    call(latestCommitment, slots.latest),
    ...(isOneRead ? [] : [call(grant, slots.grant)]),
  ]);
  const batches = Array.from({ length: Math.ceil(calls.length / callsPerBatch) }, (_, index) =>
    calls.slice(index * callsPerBatch, (index + 1) * callsPerBatch),
  );
  const answers = (await Promise.all(batches.map((batch) => askInParts(port, batch, signal)))).flat().values();
  return questions.map(({ read }): Vote => {
    const latest = readAnswer(read, answers.next().value);
    const atGrant = isOneRead ? latest : readAnswer(read, answers.next().value);
    if (typeof latest !== "bigint") return latest;
    return typeof atGrant === "bigint" ? { latest, grant: atGrant } : atGrant;
  });
}

function readAnswer(
  read: SolanaQuestion["read"],
  answer: RpcAnswer | undefined,
): bigint | { readonly fault: ChainFault } {
  if (answer?.error?.code === behind) return { fault: "stale" };
  if (answer === undefined || answer.error !== undefined) return { fault: "bad_answer" };
  try {
    return read(answer);
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    return { fault: error.fault };
  }
}

/** Anyone can make accounts for a wallet, so that its list is too long for a batch: it then has a batch of its own. */
async function askInParts(
  port: EndpointPort,
  calls: readonly RpcCall[],
  signal: AbortSignal,
): Promise<readonly RpcAnswer[]> {
  try {
    return await askBatch(port, calls, signal);
  } catch (error) {
    if (!(error instanceof EndpointError) || error.fault !== "too_large") throw error;
    if (calls.length === 1) return [{ error: { code: 0 } }];
    const half = Math.ceil(calls.length / 2);
    const halves = [calls.slice(0, half), calls.slice(half)];
    return (await Promise.all(halves.map((part) => askInParts(port, part, signal)))).flat();
  }
}
