import { type Id, type Job, type JobKind, job, type Tx } from "#kernel";
import type { TransferHost } from "./settings.ts";
import * as store from "./store.ts";

/** Regular scrubs last for days and have a queue of their own, so that no transfer waits for them. */
const kinds = ["transfer", "scrub"] as const;
type Kind = (typeof kinds)[number];

/** The jobs that run transfers. */
export class TransferQueue {
  readonly #host: Pick<TransferHost, "jobs" | "now">;

  constructor(host: Pick<TransferHost, "jobs" | "now">) {
    this.#host = host;
  }

  async add(tx: Tx<store.Tables>, id: Id, kind: Kind = "transfer"): Promise<void> {
    await this.#host.jobs.add(tx, kind, { payload: { id }, uniqueKey: String(id) });
  }

  /** The worker of the transfer notices with the next beat of its lease, and stores nothing from now on. */
  async cancel(id: Id): Promise<void> {
    const { jobs } = this.#host;
    for (const kind of kinds) {
      const latest = await jobs.find(kind, String(id));
      if (latest) await jobs.cancel(latest.id);
    }
  }

  jobKinds(run: (job: Job<{ readonly id: Id }>) => Promise<void>): JobKind[] {
    const { now } = this.#host;
    return kinds.map((kind) =>
      job<{ readonly id: Id }>({
        kind,
        concurrency: 2,
        // A process that was killed counts as a try; failures of stores and objects do not.
        attemptsMax: 50,
        leaseMs: 30_000,
        run,
        async onGiveUp(tx, { payload: { id } }, error) {
          // The tables of this very service.
          await store.setStatus(tx as Tx<store.Tables>, id, "failed", { reason: error.message, endedAtMs: now() });
        },
      }),
    );
  }
}
