import { Kysely } from "kysely";
import type pg from "pg";
import type { Reader } from "../transaction.ts";
import type { Log } from "../../log/port.ts";
import type { Counter, Metrics } from "../../telemetry/port.ts";
import { type DbAddress, openPool } from "../pool.ts";
import type { Readers, Replication } from "../port.ts";
import type { Reading } from "../positions.ts";
import type { Positions } from "../../call.ts";
import { lagOf, type Sample, type Standing, stalenessMsMax, usableReplicas } from "./choice.ts";
import { ReplicaDialect } from "./dialect.ts";
import { type Report, ReplicaWatch } from "./watch.ts";

/**
 * Samples of the primary are kept longer than they decide anything, so that the lag of a slow replica can be reported.
 */
const sampledMs = 60_000;
const notAsked = "it was not asked yet";

interface Parts {
  /** The system identifier of the primary. */
  readonly server: string;
  readonly primary: DbAddress;
  readonly replicas: readonly DbAddress[];
  /** The most connections of this process to each replica, including the one that watches it. */
  readonly connectionsMax: number;
  readonly isPooled: boolean;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly elapsed?: () => number;
  readonly random?: () => number;
}

/** One standby, as far as this process knows it. */
class Replica implements Standing {
  /** Its host and port: nothing secret. */
  readonly name: string;
  readonly pool: pg.Pool;
  readonly #clients = new Set<pg.PoolClient>();
  position = 0;
  problem: string | undefined = notAsked;

  constructor(address: DbAddress, connectionsMax: number, isPooled: boolean) {
    this.name = nameOf(address);
    this.pool = openPool(address, { connectionsMax, isPooled, waitMs: 1_000 });
    this.pool.on("connect", (client) => void this.#clients.add(client));
    this.pool.on("remove", (client) => void this.#clients.delete(client));
  }

  /** Ends the statements under way, so that they are repeated elsewhere instead of waiting for a server that is away. */
  cut(): void {
    // A client that is at work and is ended loses its connection; the pool's own type hides this method.
    for (const client of this.#clients) void (client as unknown as pg.Client).end().catch(() => undefined);
  }
}

/** The replicas of one database as this process knows them, and which of them a read may use. */
export class Replicas implements Replication {
  readonly #parts: Parts;
  readonly #replicas: readonly Replica[];
  readonly #elapsed: () => number;
  readonly #random: () => number;
  readonly #watches: readonly ReplicaWatch[];
  #samples: Sample[] = [];
  #timeline = 0;
  readonly #reads: Counter;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#elapsed = parts.elapsed ?? (() => performance.now());
    this.#random = parts.random ?? Math.random;
    this.#reads = parts.metrics.counter(
      "db_reads_total",
      "reads that a replica may answer, by what answered; those that failed on one are repeated on the primary",
      ["target"],
    );
    parts.metrics.gauge("db_replica_lag", "seconds that a replica is behind at most", ["replica"], async () =>
      this.#replicas.map((replica) => [this.#lagMs(replica) / 1_000, { replica: replica.name }]),
    );
    const pooledMax = Math.max(1, parts.connectionsMax - 1);
    this.#replicas = parts.replicas.map((address) => new Replica(address, pooledMax, parts.isPooled));
    this.#watches = [
      new ReplicaWatch(parts.primary, {
        elapsed: this.#elapsed,
        reported: (report, atMs) => this.#sample(report, atMs),
        // Samples age until no replica is known to be as far as it must be.
        lost: () => undefined,
      }),
      ...this.#replicas.map(
        (replica, n) =>
          new ReplicaWatch(parts.replicas[n] ?? parts.primary, {
            elapsed: this.#elapsed,
            reported: (report) => this.#report(replica, report),
            lost: (error) => {
              this.#judge(replica, error instanceof Error ? error.message : String(error));
              replica.cut();
            },
          }),
      ),
    ];
  }

  /** The system identifier of the primary, by which positions are kept. */
  get server(): string {
    return this.#parts.server;
  }

  /** Settles when each server was asked once. */
  async start(): Promise<void> {
    const [primary, ...replicas] = this.#watches;
    await primary?.start();
    await Promise.all(replicas.map((watch) => watch.start()));
  }

  async close(): Promise<void> {
    for (const watch of this.#watches) watch.stop();
    await Promise.all(this.#replicas.map(({ pool }) => pool.end()));
  }

  readersOf<Tables>(service: string, primary: Kysely<Tables>): Readers<Tables> {
    const readers = new Map<Replica, Reader<Tables>>(
      this.#replicas.map((replica) => {
        const countRepeated = () => this.#reads.add(1, { target: "repeated" });
        const dialect = new ReplicaDialect({ service, pool: replica.pool, primary, repeated: countRepeated });
        return [replica, new Kysely<Tables>({ dialect })];
      }),
    );
    return {
      for: (call) => {
        const replica = this.#choose(call);
        return replica && readers.get(replica);
      },
    };
  }

  /** The replicas that are not used, and the reasons; undefined if all are used. */
  unusedReason(): string | undefined {
    const lost = this.#replicas.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`]));
    return lost.length === 0 ? undefined : lost.join("; ");
  }

  #lagMs({ problem, position }: Replica): number {
    return problem === undefined ? lagOf(position, this.#samples, this.#elapsed()) : Infinity;
  }

  #choose({ readAfter }: Reading): Replica | undefined {
    const usable = readAfter === undefined ? [] : this.#usable(readAfter);
    const replica = usable[Math.floor(this.#random() * usable.length)];
    this.#reads.add(1, { target: replica ? "replica" : "primary" });
    return replica;
  }

  #usable(readAfter: Positions): Replica[] {
    const position = readAfter[this.#parts.server] ?? 0;
    return usableReplicas(this.#replicas, this.#samples, position, this.#elapsed());
  }

  #sample({ server, isStandby, timeline, position }: Report, atMs: number): void {
    const last = this.#samples.at(-1);
    // Positions of another server, or of a log that ended elsewhere, say nothing about this one.
    if (server !== this.#parts.server || isStandby || timeline !== this.#timeline || (last && last.position > position))
      this.#samples = [];
    this.#timeline = timeline;
    if (server !== this.#parts.server || isStandby) return;
    // A primary that stands still says the same at a later time, which is worth more.
    if (this.#samples.at(-1)?.position === position) this.#samples.pop();
    this.#samples.push({ atMs, position });
    const firstKept = this.#samples.findIndex((sample) => sample.atMs > atMs - sampledMs);
    if (firstKept > 0) this.#samples.splice(0, firstKept);
  }

  #report(replica: Replica, { server, isStandby, timeline, position }: Report): void {
    replica.position = position;
    if (server !== this.#parts.server) this.#judge(replica, "it is another database");
    else if (!isStandby) this.#judge(replica, "it is not a standby");
    else if (timeline !== this.#timeline) this.#judge(replica, "it follows another timeline than the primary");
    else if (lagOf(position, this.#samples, this.#elapsed()) > stalenessMsMax) this.#judge(replica, tooFarBehind);
    else this.#judge(replica, undefined);
  }

  /** Says once that a replica is not used, and once that it is. */
  #judge(replica: Replica, problem: string | undefined): void {
    const { log } = this.#parts;
    const { name, problem: before } = replica;
    replica.problem = problem;
    if (problem !== undefined && (before === undefined || before === notAsked))
      log.warn("a replica is not read from", { replica: name, reason: problem });
    if (problem === undefined && before !== undefined) log.info("a replica is read from", { replica: name });
  }
}

const tooFarBehind = "it is too far behind";

function nameOf(address: DbAddress): string {
  if (!("url" in address)) return address.host;
  const { host, searchParams } = new URL(address.url);
  return searchParams.get("host") ?? host;
}
