import { type Cache, type Call, type Client, type Contract, type Id, KinoraError } from "#kernel";
import { Commits, recordCommits } from "#kernel/db/positions";
import { stalenessMsMax } from "#kernel/db/replicas/choice";
import type { ClientOf } from "../client-of.ts";

/** Users share marks: the few who wait for another user's commit cost less than a key for each of millions. */
const bucketCount = 1_024;
/** Longer than the lag of any replica. A mark that expires counts as lost. */
const lifetimeMs = 3_600_000;

interface Parts {
  readonly cache: Pick<Cache, "raise" | "delete">;
  /** A monotonic clock, in milliseconds. */
  readonly elapsed?: () => number;
}

type Kind = Contract["methods"][string]["kind"];

/**
 * Keeps the position of the log after each command of a user, for the user's next reads through any gateway. Users are
 * in buckets, whose marks in the cache have an incarnation; a new incarnation means that positions were lost. A bucket
 * reads from replicas only after this process has seen its incarnation for the longest time that a replica may be
 * behind.
 */
export class ReadPositions {
  readonly #cache: Parts["cache"];
  readonly #elapsed: () => number;
  readonly #visits = new Map<string, { readonly incarnation: string; readonly sinceMs: number }>();
  /** Until when buckets read the primary, because a position could not be kept. */
  readonly #distrustedUntil = new Map<string, number>();

  constructor({ cache, elapsed = () => performance.now() }: Parts) {
    this.#cache = cache;
    this.#elapsed = elapsed;
  }

  /** The same call, with the positions that replicas must have reached; unchanged where they are unknown. */
  async reading(call: Call): Promise<Call> {
    const [bucket] = bucketsOf(call);
    const marks = bucket === undefined ? undefined : await this.#cache.raise(bucket, {}, lifetimeMs);
    if (bucket === undefined || marks === undefined) return call;
    const now = this.#elapsed();
    const visit = this.#visits.get(bucket);
    if (visit?.incarnation !== marks.incarnation) {
      this.#visits.set(bucket, { incarnation: marks.incarnation, sinceMs: now });
      return call;
    }
    const isTrusted = now - visit.sinceMs >= stalenessMsMax && (this.#distrustedUntil.get(bucket) ?? 0) <= now;
    return isTrusted ? { ...call, readAfter: marks.values } : call;
  }

  /** Runs a call, and stores the positions of its commits before its answer. */
  async around<R>(kind: Kind, call: Call, run: () => Promise<R>): Promise<R> {
    const commits = new Commits();
    let answer: R | undefined;
    try {
      answer = await recordCommits(commits, run);
      return answer;
    } catch (error) {
      // A command that was given up may still commit.
      if (kind === "command" && error instanceof KinoraError && error.kind === "unavailable") commits.lose();
      throw error;
    } finally {
      if (!commits.isEmpty) await this.#keep(bucketsOf(call, answer), commits);
    }
  }

  async #keep(buckets: readonly string[], commits: Commits): Promise<void> {
    await Promise.all(
      buckets.map(async (bucket) => {
        if (!commits.isUnknown && (await this.#cache.raise(bucket, commits.positions, lifetimeMs))) return;
        this.#distrustedUntil.set(bucket, this.#elapsed() + stalenessMsMax);
        // Every other gateway sees another incarnation.
        await this.#cache.delete(bucket);
      }),
    );
  }
}

/** The bucket of who asks, and of who was signed in or up by the call. */
function bucketsOf({ userId, source }: Call, answer?: unknown): string[] {
  if (userId !== undefined) return [bucketOf(`user:${userId}`)];
  return [`from:${source ?? ""}`, ...(signedIn(answer) ?? []).map((id) => `user:${id}`)].map(bucketOf);
}

function signedIn(answer: unknown): Id[] | undefined {
  if (typeof answer !== "object" || answer === null || !("userId" in answer)) return undefined;
  return typeof answer.userId === "number" ? [answer.userId] : undefined;
}

/** FNV-1a, which only spreads. */
function bucketOf(who: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < who.length; at++) hash = Math.imul(hash ^ who.charCodeAt(at), 0x01000193);
  return `read-positions:${(hash >>> 0) % bucketCount}`;
}

/** Clients whose calls keep the positions of their commits. */
export function withReadPositions(client: ClientOf, reads: ReadPositions): ClientOf {
  const clients = new WeakMap<Contract, Client<Contract>>();
  return (contract) => {
    const keeping = clients.get(contract) ?? keepPositions(contract, client(contract), reads);
    clients.set(contract, keeping);
    return keeping as never; // The cache is keyed by the contract.
  };
}

function keepPositions(contract: Contract, client: Client<Contract>, reads: ReadPositions): Client<Contract> {
  const methods = Object.entries(contract.methods).map(([name, { kind }]) => {
    const ask = client[name] as (input: unknown, call: Call) => Promise<object>; // By its kind, where it is no stream.
    const askKeepingPosition = (input: unknown, call: Call) => reads.around(kind, call, () => ask(input, call));
    return [name, kind === "stream" ? client[name] : askKeepingPosition];
  });
  return Object.fromEntries(methods) as Client<Contract>; // Each is the client's own of that name.
}
