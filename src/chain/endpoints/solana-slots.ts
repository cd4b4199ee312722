import { z } from "zod";
import { type Ask, firstFault, gather, valuesOf } from "./gather.ts";
import { askBatch, resultOf } from "./json-rpc.ts";
import { EndpointError } from "./port.ts";
import { ChainUnavailable, type ChainSource, graceMs } from "./source.ts";

/** How sure the cluster is of a slot. */
export type Commitment = "confirmed" | "finalized";

/** Slots that enough endpoints have reached, and the endpoints. Endpoints are hardly ever at the same one. */
export interface ReachedSlots {
  readonly latest: number;
  /** The slot at which a holding counts. */
  readonly grant: number;
  /** The time of the latest slot, in seconds since 1970. */
  readonly timestamp: number;
  readonly supporters: readonly number[];
}

interface Head {
  readonly endpoint: number;
  readonly latest: number;
  readonly grant: number;
  readonly timestamp: number;
}

const Slot = z.int().min(0);

/** A slot that two thirds of the stake voted for is the latest one: it has never been taken back so far. */
export const latestCommitment: Commitment = "confirmed";
export const grantCommitment = ({ chain }: ChainSource): Commitment =>
  chain.grant.kind === "finalized" ? "finalized" : latestCommitment;

/** @param isPatient waits for every endpoint until the deadline @throws {ChainUnavailable} */
export async function reachSlots(source: ChainSource, isPatient: boolean): Promise<ReachedSlots> {
  const { agree, deadline_ms: deadlineMs } = source.chain;
  const answers = await gather(
    source.endpoints.map((_, endpoint): Ask<Head> => ({ endpoint, run: (signal) => headOf(source, endpoint, signal) })),
    {
      deadlineMs,
      graceMs: isPatient ? deadlineMs : graceMs,
      isEnough: (heads) => heads.length >= agree,
      observe: source.observe,
    },
  );
  const heads = valuesOf(answers);
  if (heads.length < agree) throw new ChainUnavailable(firstFault(answers));
  const reachedBy = (slots: readonly number[]): number => slots.toSorted((a, b) => b - a)[agree - 1] ?? 0;
  const latest = reachedBy(heads.map((head) => head.latest));
  const grant = reachedBy(heads.map((head) => head.grant));
  const supporters = heads.filter((head) => head.latest >= latest && head.grant >= grant);
  const timestamp = Math.max(...heads.filter((head) => head.latest <= latest).map((head) => head.timestamp));
  return { latest, grant, timestamp, supporters: supporters.map(({ endpoint }) => endpoint) };
}

async function headOf(source: ChainSource, endpoint: number, signal: AbortSignal): Promise<Head> {
  const { chain, endpoints, now } = source;
  const port = endpoints[endpoint];
  if (port === undefined) throw new RangeError(`there is no endpoint ${endpoint}`);
  const slotCall = (commitment: Commitment) => ({ method: "getSlot", params: [{ commitment }] });
  const calls = [
    { method: "getGenesisHash", params: [] },
    slotCall(latestCommitment),
    slotCall(grantCommitment(source)),
  ];
  const [genesis, latestSlot, grantSlot] = await askBatch(port, calls, signal);
  if (resultOf(z.string(), genesis) !== chain.genesis) throw new EndpointError("wrong_chain");
  const latest = resultOf(Slot, latestSlot);
  const grant = resultOf(Slot, grantSlot);
  const [time] = await askBatch(port, [{ method: "getBlockTime", params: [latest] }], signal);
  const timestamp = resultOf(z.int(), time);
  const ageSeconds = Math.abs(now() / 1_000 - timestamp);
  if (ageSeconds > chain.block_age_max_seconds) throw new EndpointError("stale");
  return { endpoint, latest, grant, timestamp };
}
