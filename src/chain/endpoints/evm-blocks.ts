import { z } from "zod";
import { agreedValue, type Ask, firstFault, gather, valuesOf } from "./gather.ts";
import { askBatch, resultOf, type RpcCall } from "./json-rpc.ts";
import { EndpointError } from "./port.ts";
import { ChainUnavailable, type ChainSource, graceMs } from "./source.ts";

export interface BlockRef {
  readonly number: number;
  readonly hash: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** Two blocks that enough endpoints name alike, and these endpoints. */
export interface AgreedBlocks {
  readonly latest: BlockRef;
  /** The block at which a holding counts. */
  readonly grant: BlockRef;
  readonly supporters: readonly number[];
}

const Quantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,13}$/)
  .transform(Number);
const Block = z.object({ number: Quantity, hash: z.string().regex(/^0x[0-9a-f]{64}$/), timestamp: Quantity });

interface Head {
  readonly endpoint: number;
  readonly latest: BlockRef;
  /** Undefined where it is some blocks below the latest. */
  readonly grant: BlockRef | undefined;
}

/**
 * The newest blocks that enough endpoints have. @param isPatient waits for every endpoint until the deadline
 * @throws {ChainUnavailable}
 */
export async function agreeOnBlocks(source: ChainSource, isPatient: boolean): Promise<AgreedBlocks> {
  const { chain, observe } = source;
  const { agree, grant, deadline_ms: deadlineMs } = chain;
  const answers = await gather(
    source.endpoints.map((_, endpoint): Ask<Head> => ({ endpoint, run: (signal) => headOf(source, endpoint, signal) })),
    {
      deadlineMs,
      graceMs: isPatient ? deadlineMs : graceMs,
      isEnough: (heads) => heads.length >= agree,
      observe,
    },
  );
  const heads = valuesOf(answers);
  if (heads.length < agree) throw new ChainUnavailable(firstFault(answers));
  const latest = reachedBy(
    heads.map((head) => head.latest.number),
    agree,
  );
  const grantMax = grant.kind === "depth" ? Math.max(latest - grant.blocks, 0) : latest;
  const grantNumber = Math.min(
    grantMax,
    reachedBy(
      heads.map((head) => (head.grant ?? head.latest).number),
      agree,
    ),
  );
  const pairs = await gather(
    heads.map((head): Ask<AgreedBlocks> => {
      const run = (signal: AbortSignal) => pairOf(source, head, [latest, grantNumber], signal);
      return { endpoint: head.endpoint, run };
    }),
    {
      deadlineMs,
      graceMs: 0,
      isEnough: (values) => !isPatient && agreedValue(values, agree, keyOf) !== undefined,
      observe: undefined,
    },
  );
  const values = valuesOf(pairs);
  const blocks = agreedValue(values, agree, keyOf);
  if (blocks === undefined) throw new ChainUnavailable(values.length < agree ? firstFault(pairs) : "disagreement");
  const supporters = values.filter((pair) => keyOf(pair) === keyOf(blocks)).flatMap((pair) => pair.supporters);
  return { ...blocks, supporters };
}

/** The highest number that at least so many have reached. */
const reachedBy = (numbers: readonly number[], agree: number): number =>
  numbers.toSorted((a, b) => b - a)[agree - 1] ?? 0;

const keyOf = ({ latest, grant }: AgreedBlocks): string => `${latest.hash} ${grant.hash}`;

const blockCall = (block: string): RpcCall => ({ method: "eth_getBlockByNumber", params: [block, false] });

async function headOf({ chain, endpoints, now }: ChainSource, endpoint: number, signal: AbortSignal): Promise<Head> {
  const { id, grant, block_age_max_seconds: ageMaxSeconds } = chain;
  const calls = [
    { method: "eth_chainId", params: [] },
    blockCall("latest"),
    ...(grant.kind === "depth" ? [] : [blockCall(grant.kind)]),
  ];
  const [chainId, latestBlock, grantBlock] = await askOne(endpoints, endpoint, calls, signal);
  if (resultOf(Quantity, chainId) !== id) throw new EndpointError("wrong_chain");
  const latest = resultOf(Block, latestBlock);
  if (Math.abs(now() / 1_000 - latest.timestamp) > ageMaxSeconds) throw new EndpointError("stale");
  if (grant.kind === "depth") return { endpoint, latest, grant: undefined };
  // A chain without finality answers null or an error.
  if (grantBlock?.error !== undefined || grantBlock?.result === null) throw new EndpointError("no_grant_block");
  return { endpoint, latest, grant: resultOf(Block, grantBlock) };
}

/** Both blocks as one endpoint names them, of which it is asked for those that its head does not have. */
async function pairOf(
  { endpoints }: ChainSource,
  { endpoint, latest, grant }: Head,
  numbers: readonly [number, number],
  signal: AbortSignal,
): Promise<AgreedBlocks> {
  const blocks = new Map([latest, ...(grant === undefined ? [] : [grant])].map((block) => [block.number, block]));
  const missing = [...new Set(numbers)].filter((number) => !blocks.has(number));
  if (missing.length > 0) {
    const calls = missing.map((number) => blockCall(`0x${number.toString(16)}`));
    const answers = await askOne(endpoints, endpoint, calls, signal);
    for (const [index, number] of missing.entries()) {
      const block = resultOf(Block, answers[index]);
      if (block.number !== number) throw new EndpointError("bad_answer");
      blocks.set(number, block);
    }
  }
  const [latestBlock, grantBlock] = numbers.map((number) => blocks.get(number));
  if (latestBlock === undefined || grantBlock === undefined) throw new EndpointError("bad_answer");
  return { latest: latestBlock, grant: grantBlock, supporters: [endpoint] };
}

function askOne(endpoints: ChainSource["endpoints"], endpoint: number, calls: readonly RpcCall[], signal: AbortSignal) {
  const port = endpoints[endpoint];
  if (port === undefined) throw new RangeError(`there is no endpoint ${endpoint}`);
  return askBatch(port, calls, signal);
}
