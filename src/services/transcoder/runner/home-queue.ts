import assert from "node:assert/strict";
import { type Id, KinoraError, type Log, type Tx } from "#kernel";
import { asKinoraError } from "#kernel/errors";
import { StaleLease } from "#kernel/jobs/queue";
import type { ClaimedJob, OpenKind, WorkQueue } from "#kernel/jobs/port";
import { z } from "zod";
import { kinds } from "../jobs/task.ts";
import { OtherProtocol, runnerProtocol, RunnerRefused } from "../runners/contract.ts";
import type { JobFacts } from "../runners/facts.ts";
import type { Holding, Home } from "./home.ts";
import { Recorder } from "./recorder.ts";
import { backoffMs, whileAway } from "./retry.ts";

const LentJob = z.object({
  id: z.int(),
  kind: z.enum(kinds),
  attempt: z.int(),
  attempts_max: z.int(),
  fence: z.int(),
  trace_id: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  task: z.string(),
  facts: z.string(),
});
const Claim = z.object({ job: LentJob.nullable(), wait: z.number() });
const Renewed = z.object({ is_held: z.boolean() });
const nothing = z.unknown();

/** A job of the home that this runner holds. */
export interface HeldJob {
  readonly holding: Holding;
  readonly facts: JobFacts;
  readonly recorder: Recorder;
}
interface Reporting extends HeldJob {
  /** Reports are sent one after the other, so that the home receives them in order. */
  last: Promise<unknown>;
  number: number;
}

interface HomeQueueParts {
  readonly home: Home;
  readonly runnerToken: string;
  readonly version: string;
  /** False while nothing can be transcoded here. */
  readonly canWork: () => Promise<boolean>;
  /** Called once the home has refused this runner permanently. */
  readonly refused: (error: KinoraError) => void;
  /** Aborts when the runner stops. */
  readonly stopping: AbortSignal;
  readonly log: Log;
}

const withoutToolsMs = 60_000;
/** Results are sent for this long while the home is away; it decides by the fence whether they still count. */
const reportMsMax = 5 * 60_000;
const returnMsMax = 10_000;
const requestMsMax = 30_000;

/** The jobs of a home, for the worker of a runner. */
export class HomeQueue implements WorkQueue {
  readonly #parts: HomeQueueParts;
  readonly #held = new Map<Id, Reporting>();
  #failures = 0;

  constructor(parts: HomeQueueParts) {
    this.#parts = parts;
  }

  /** The facts of a job that was claimed here. */
  jobOf(id: Id): HeldJob {
    const job = this.#held.get(id);
    assert.ok(job, `job ${id} is not held`);
    return job;
  }

  /** The home does so itself. */
  async recoverLost(): Promise<void> {}

  async claim(open: readonly OpenKind[]) {
    const { canWork, log, refused, version } = this.#parts;
    if (!(await canWork())) return { waitMs: withoutToolsMs };
    try {
      const input = { kinds: open.map(({ kind }) => kind), version, protocol: runnerProtocol };
      const { job, wait } = await this.#post("/jobs", input, Claim);
      if (this.#failures > 0) log.info("the home answers again");
      this.#failures = 0;
      return job ? { job: this.#take(job) } : { waitMs: Math.max(500, wait * 1_000) };
    } catch (error) {
      if (isFinal(error)) {
        refused(error);
        return { waitMs: undefined };
      }
      if (!this.#parts.stopping.aborted && this.#failures === 0)
        log.warn("the home gives no jobs", { reason: error instanceof Error ? error.message : String(error) });
      this.#failures += 1;
      return { waitMs: backoffMs(this.#failures) };
    }
  }

  async renew({ id }: Pick<ClaimedJob, "id" | "fence">, _leaseMs: number, progress: number): Promise<boolean> {
    const job = this.#held.get(id);
    if (!job) return false;
    try {
      const { is_held: isHeld } = await this.#ofJob(job, "heartbeat", { progress }, Renewed);
      return isHeld;
    } catch (error) {
      // Whatever the home refuses: another worker has the job, or this runner may have none.
      if (error instanceof KinoraError) return false;
      throw error;
    }
  }

  step<T>(job: Pick<ClaimedJob, "id">, results: (tx: Tx<T>) => Promise<void>): Promise<void> {
    return this.#report(job, results, false);
  }

  async finish<T>(job: Pick<ClaimedJob, "id">, results: (tx: Tx<T>) => Promise<void>): Promise<void> {
    await this.#report(job, results, true);
    this.#held.delete(job.id);
  }

  async putOff({ id }: Pick<ClaimedJob, "id" | "fence">, delayMs: number, reason: string): Promise<void> {
    await this.#giveBack(id, "put-off", { delay: delayMs / 1_000, reason: oneLine(reason).slice(0, 200) });
  }

  async fail({ id }: ClaimedJob, error: unknown): Promise<void> {
    const { code, message } = asKinoraError(error);
    await this.#giveBack(id, "failure", { code: code.slice(0, 64), message: message.slice(0, 1_000) });
  }

  #take({ id, kind, attempt, attempts_max, fence, trace_id, created_at, task, facts }: z.output<typeof LentJob>) {
    const { runnerToken } = this.#parts;
    this.#held.set(id, {
      holding: { jobId: id, fence, runnerToken },
      // The home of the same protocol wrote it.
      facts: JSON.parse(facts) as JobFacts,
      recorder: new Recorder(),
      last: Promise.resolve(),
      number: 0,
    });
    return { id, kind, payload: task, attempt, attempts_max, fence, trace_id, created_at_ms: Date.parse(created_at) };
  }

  async #report<T>(
    { id }: Pick<ClaimedJob, "id">,
    results: (tx: Tx<T>) => Promise<void>,
    isLast: boolean,
  ): Promise<void> {
    const job = this.#held.get(id);
    if (!job) throw StaleLease({});
    const recording = await job.recorder.record(results);
    const sent = job.last.then(async () => {
      job.number += 1;
      const report = { number: job.number, is_last: isLast, ...recording };
      const { stopping } = this.#parts;
      await whileAway(() => this.#ofJob(job, "results", report, nothing), reportMsMax, stopping);
    });
    job.last = sent.catch(() => undefined);
    await sent;
  }

  /** Ends what this runner does with a job. A home that is away waits for the end of the lease. */
  async #giveBack(id: Id, what: string, input: object): Promise<void> {
    const job = this.#held.get(id);
    if (!job) return;
    this.#held.delete(id);
    await whileAway(() => this.#ofJob(job, what, input, nothing), returnMsMax, AbortSignal.timeout(returnMsMax));
  }

  #ofJob<T extends z.ZodType>({ holding }: HeldJob, what: string, input: object, output: T) {
    const { jobId, fence } = holding;
    return this.#post(`/jobs/${jobId}/${what}`, { fence, ...input }, output);
  }

  #post<T extends z.ZodType>(path: string, input: object, output: T): Promise<z.output<T>> {
    const { home, runnerToken } = this.#parts;
    return home.post(path, { runner_token: runnerToken, ...input }, output, AbortSignal.timeout(requestMsMax));
  }
}

/** True for a refusal that no later request changes. */
const isFinal = (error: unknown): error is KinoraError =>
  error instanceof KinoraError && (error.code === RunnerRefused.code || error.code === OtherProtocol.code);

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
