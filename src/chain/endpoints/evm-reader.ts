import { z } from "zod";
import { hexOf } from "../bytes.ts";
import { askAnew, type Attempt } from "./attempts.ts";
import { type AgreedBlocks, agreeOnBlocks, type BlockRef } from "./evm-blocks.ts";
import { agreedValue, type Ask, firstFault, gather, valuesOf } from "./gather.ts";
import { askBatch, type RpcAnswer, type RpcCall } from "./json-rpc.ts";
import { type ChainFault, EndpointError, type EndpointPort } from "./port.ts";
import { ChainUnavailable, type ChainSource } from "./source.ts";

/** Code that is run as a call without a target, and answers several things at once. */
export interface Program {
  readonly code: Uint8Array;
  readonly gas: number;
  /** The number of things that it answers. */
  readonly count: number;
  /** Read at the grant block too. */
  readonly isAtGrant: boolean;
  /** One text for each thing; undefined for a result that is none of this program. */
  readonly read: (result: string) => readonly string[] | undefined;
}

/** One thing at both blocks, or why enough endpoints do not agree on it. */
export type Reading =
  | { readonly latest: string; readonly grant: string; readonly blocks: AgreedBlocks }
  | { readonly fault: ChainFault };

const Result = z.string().max(100_000);
const callsPerBatch = 20;
/** The errors for a block that is unknown or no longer on the chain (EIP-1898, EIP-1474). */
const reorganised: readonly number[] = [-32_001, -32_000];

/**
 * Reads all programs at blocks that enough endpoints agree on, by the hashes of the blocks. After a reorganisation or a
 * disagreement the chain is asked anew once, and then every endpoint is waited for. Returns a list for each program.
 */
export async function readPrograms(
  source: ChainSource,
  programs: readonly Program[],
): Promise<readonly (readonly Reading[])[]> {
  const initial = programs.map(({ count }): readonly Reading[] => repeatFault(count, "no_answer"));
  return askAnew(
    initial,
    (readings) => readings.some(isFault),
    (indices, isPatient) =>
      readOnce(
        source,
        indices.flatMap((index) => programs[index] ?? []),
        isPatient,
      ),
  );
}

const repeatFault = (count: number, fault: ChainFault): Reading[] => Array.from({ length: count }, () => ({ fault }));
const isFault = (reading: Reading): reading is { readonly fault: ChainFault } => "fault" in reading;
async function readOnce(
  source: ChainSource,
  programs: readonly Program[],
  isPatient: boolean,
): Promise<Attempt<readonly Reading[]>> {
  const { agree, deadline_ms: deadlineMs } = source.chain;
  let blocks: AgreedBlocks;
  try {
    blocks = await agreeOnBlocks(source, isPatient);
  } catch (error) {
    if (!(error instanceof ChainUnavailable)) throw error;
    const { fault } = error;
    return {
      results: programs.map(({ count }) => repeatFault(count, fault)),
      isWorthAnother: fault === "disagreement",
    };
  }
  const answers = await gather(
    blocks.supporters.map((endpoint): Ask<readonly Vote[][]> => {
      const port = source.endpoints[endpoint];
      if (port === undefined) throw new RangeError(`there is no endpoint ${endpoint}`);
      return { endpoint, run: (signal) => votesOf(port, programs, blocks, signal) };
    }),
    {
      deadlineMs,
      graceMs: 0,
      isEnough: (values) =>
        !isPatient &&
        decide(values, programs, { agree, blocks, silent: "no_answer" }).every((readings) => !readings.some(isFault)),
      observe: source.observe,
    },
  );
  const results = decide(valuesOf(answers), programs, { agree, blocks, silent: firstFault(answers) });
  return { results, isWorthAnother: true };
}

/** One endpoint about one thing. */
type Vote = { readonly latest: string; readonly grant: string } | { readonly fault: ChainFault };

interface Decision {
  readonly agree: number;
  readonly blocks: AgreedBlocks;
  /** The fault of an endpoint that answers none of the questions. */
  readonly silent: ChainFault;
}

function decide(
  votes: readonly (readonly Vote[][])[],
  programs: readonly Program[],
  { agree, blocks, silent }: Decision,
): Reading[][] {
  return programs.map(({ count }, place) =>
    Array.from({ length: count }, (_, index): Reading => {
      const all = votes.flatMap((endpoint) => endpoint[place]?.[index] ?? []);
      const words = all.flatMap((vote) => ("fault" in vote ? [] : [vote]));
      const winner = agreedValue(words, agree, ({ latest, grant }) => `${latest} ${grant}`);
      if (winner !== undefined) return { ...winner, blocks };
      const fault = all.flatMap((vote) => ("fault" in vote ? [vote.fault] : []))[0] ?? silent;
      return { fault: words.length >= agree ? "disagreement" : fault };
    }),
  );
}

async function votesOf(
  port: EndpointPort,
  programs: readonly Program[],
  { latest, grant }: AgreedBlocks,
  signal: AbortSignal,
): Promise<readonly Vote[][]> {
  const isOneBlock = latest.hash === grant.hash;
  const calls = programs.flatMap((program) => [
    callOf(program, latest),
    ...(program.isAtGrant && !isOneBlock ? [callOf(program, grant)] : []),
  ]);
  const batches = Array.from({ length: Math.ceil(calls.length / callsPerBatch) }, (_, index) =>
    calls.slice(index * callsPerBatch, (index + 1) * callsPerBatch),
  );
  const answers = (await Promise.all(batches.map((batch) => askBatch(port, batch, signal)))).flat().values();
  return programs.map((program) => {
    const atLatest = readAnswer(program, answers.next().value);
    const atGrant = program.isAtGrant && !isOneBlock ? readAnswer(program, answers.next().value) : atLatest;
    return atLatest.map((first, index): Vote => {
      const second = atGrant[index] ?? first;
      if (typeof first !== "string") return first;
      return typeof second === "string" ? { latest: first, grant: second } : second;
    });
  });
}

const callOf = ({ code, gas }: Program, { hash }: BlockRef): RpcCall => ({
  method: "eth_call",
  params: [
    { data: hexOf(code), gas: `0x${gas.toString(16)}` },
    { blockHash: hash, requireCanonical: true },
  ],
});

function readAnswer(
  { count, read }: Program,
  answer: RpcAnswer | undefined,
): (string | { readonly fault: ChainFault })[] {
  const failAll = (fault: ChainFault) => Array.from({ length: count }, () => ({ fault }));
  if (answer === undefined) throw new EndpointError("bad_answer");
  if (answer.error !== undefined)
    return failAll(reorganised.includes(answer.error.code) ? "reorganised" : "bad_answer");
  const result = Result.safeParse(answer.result);
  const texts = result.success ? read(result.data) : undefined;
  return texts === undefined ? failAll("bad_answer") : [...texts];
}
