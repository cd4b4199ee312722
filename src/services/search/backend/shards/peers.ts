import { type Client, type Host, KinoraError, type Log } from "#kernel";
import { type search, SearchUnavailable } from "../../contract.ts";
import type { ShardNumber } from "../../documents/index-part.ts";
import type { shardMethods } from "./contract.ts";

export type Peer = Pick<Client<typeof search>, keyof typeof shardMethods>;
/** A process may have ended, and another one with another part may answer at its address. */
const knownMs = 10_000;
const waitMs = 5_000;

interface Parts extends Pick<Host, "call" | "now"> {
  readonly log: Log;
  /** All processes of the service. */
  readonly peers: () => readonly Peer[];
  /** The part that this process has itself, and what answers for it. */
  readonly own: ShardNumber;
  readonly self: Peer;
}

/** Which process has which shard. */
export class ShardPeers {
  readonly #parts: Parts;
  #byShard: ReadonlyMap<number, readonly Peer[]> = new Map();
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;
  #turn = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#parts.own.count;
  }

  /**
   * The answer of a process that has a shard, of another one where that one is away.
   * @throws KinoraError search.unavailable where there is none
   */
  async ask<A>(shard: number, question: (peer: Peer, call: ReturnType<Host["call"]>) => Promise<A>): Promise<A> {
    const { own, self, call } = this.#parts;
    if (shard === own.number) return question(self, call({ waitMs }));
    await this.#fresh();
    let last: unknown;
    for (const peer of this.#inTurn(shard)) {
      try {
        return await question(peer, call({ waitMs }));
      } catch (error) {
        if (!isAway(error)) throw error;
        last = error;
        this.#askedAtMs = Number.NEGATIVE_INFINITY;
      }
    }
    throw SearchUnavailable({}, last ?? new Error(`no process has shard ${shard + 1} of ${own.count}`));
  }

  /** Another one first each time. */
  #inTurn(shard: number): readonly Peer[] {
    const peers = this.#byShard.get(shard) ?? [];
    const first = this.#turn++ % Math.max(1, peers.length);
    return [...peers.slice(first), ...peers.slice(0, first)];
  }

  /** Asks who has what, where that is not known or was asked a while ago: searches wait where a shard is missing. */
  async #fresh(): Promise<void> {
    const isWhole = this.#byShard.size === this.count - 1;
    const isOld = Math.abs(this.#parts.now() - this.#askedAtMs) > knownMs;
    if (!isOld && isWhole) return;
    this.#asking ??= this.#askAll().finally(() => (this.#asking = undefined));
    if (!isWhole) await this.#asking;
  }

  async #askAll(): Promise<void> {
    const { peers, own, call, now, log } = this.#parts;
    const all = peers();
    const parts = await Promise.all(
      all.map((peer) =>
        peer.shard({}, call({ waitMs })).catch((err: unknown) => {
          log.debug("a process of the search does not say which shard it has", { err });
        }),
      ),
    );
    const known = all.flatMap((peer, n) => {
      const part = parts[n];
      return part && part.count === own.count && part.number !== own.number ? [{ peer, number: part.number }] : [];
    });
    const byShard = Map.groupBy(known, ({ number }) => number);
    this.#byShard = new Map([...byShard].map(([number, some]) => [number, some.map(({ peer }) => peer)]));
    this.#askedAtMs = now();
  }
}

const isAway = (error: unknown): boolean => error instanceof KinoraError && error.kind === "unavailable";
