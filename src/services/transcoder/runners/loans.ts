import { type Call, type Host, type Id, type JobKind, KinoraError } from "#kernel";
import { StaleLease } from "#kernel/jobs/queue";
import type { ClaimedJob, JobQueue } from "#kernel/jobs/port";
import { media } from "#services/media/contract";
import type { z } from "zod";
import { fileBytesMax } from "../attempt/attempt.ts";
import { kinds, type Task, type TaskKind } from "../jobs/task.ts";
import type { Tables } from "../store.ts";
import type { JobFacts } from "./facts.ts";
import type { runnerMethods } from "./contract.ts";
import { runnerOf } from "./registry.ts";
import * as store from "./store.ts";

export interface LoanParts {
  readonly host: Pick<Host<Tables>, "db" | "jobs" | "emit" | "now" | "client" | "call">;
  readonly kinds: readonly JobKind[];
  /** The kinds of job that runners are given. */
  readonly lent: readonly TaskKind[];
  readonly ladder: readonly string[];
  readonly serverVersion: string;
}

interface Holding {
  readonly id: Id;
  readonly runnerToken: string;
  readonly fence: number;
}
/** A job that the runner of a request holds. */
export interface Held {
  readonly runner: store.RunnerRow;
  readonly queue: JobQueue;
  readonly job: ClaimedJob;
  readonly lent: store.LentJob;
  readonly task: Task;
}
/** Lends jobs, and decides what a runner may do with one. */
export interface Loans {
  readonly queueOf: (runner: Pick<store.RunnerRow, "id">) => JobQueue;
  /** How long the lease of a kind of job lasts. */
  readonly leaseMsOf: (kind: string) => number;
  /** The job that the runner of a token holds. @throws RunnerRefused, RunnerDisabled, StaleLease */
  readonly heldBy: (holding: Holding) => Promise<Held>;
  /** Records a claimed job of a runner; yields what the runner receives. */
  readonly lend: (runner: store.RunnerRow, job: ClaimedJob, from: Call) => Promise<LentAnswer>;
}
type LentAnswer = NonNullable<z.input<(typeof runnerMethods.requestRunnerJob)["output"]>["job"]>;

/** The jobs that runners hold, and what each of them may do with its own. */
export function createLoans({ host, ladder, ...parts }: LoanParts): Loans {
  const { db, jobs, now, client, call } = host;
  const queueOf = ({ id }: Pick<store.RunnerRow, "id">) => jobs.queueFor(`runner ${id}`, parts.kinds);
  const leaseMsOf = (name: string) => parts.kinds.find(({ kind }) => kind === name)?.leaseMs ?? 0;

  /** @throws RunnerRefused, RunnerDisabled, StaleLease */
  async function heldBy({ id, runnerToken, fence }: Holding): Promise<Held> {
    const runner = await runnerOf(db, runnerToken);
    const queue = queueOf(runner);
    const [job, lent] = await Promise.all([queue.find(id, fence), store.lentJob(db, id, fence)]);
    if (!job || !lent) throw StaleLease({});
    return { runner, queue, job, lent, task: JSON.parse(job.payload) };
  }

  async function lend(runner: store.RunnerRow, job: ClaimedJob, from: Call): Promise<LentAnswer> {
    const task: Task = JSON.parse(job.payload);
    const kind = kinds.find((name) => name === job.kind) ?? "extras";
    const about = call({ signal: from.signal, traceId: job.trace_id });
    const facts = await factsOf(task, kind, about);
    const nowMs = now();
    await db.tx((tx) =>
      store.lend(tx, {
        job_id: job.id,
        fence: job.fence,
        runner_id: runner.id,
        kind,
        media_id: task.mediaId,
        input_keys: inputKeys(task, facts),
        output_bytes_max: outputBytesMax(facts, task),
        started_at_ms: nowMs,
        renewed_at_ms: nowMs,
      }),
    );
    const { id, attempt, attempts_max: attemptsMax, fence, trace_id: traceId, created_at_ms: createdAtMs } = job;
    const texts = { task: job.payload, facts: JSON.stringify(facts) };
    return { id, kind, attempt, attemptsMax, fence, traceId, createdAtMs, lease: leaseMsOf(kind), ...texts };
  }

  async function factsOf({ mediaId: id }: Task, kind: TaskKind, about: Call): Promise<JobFacts> {
    const answers = client(media);
    const unlessDeleted = <T>(answer: Promise<T>) =>
      answer.catch((error: unknown) => {
        if (!(error instanceof KinoraError) || error.kind !== "not_found") throw error;
      });
    const [formatsOff, source, playable] = await Promise.all([
      answers.formatsOff({}, about),
      kind === "extras" ? undefined : unlessDeleted(answers.source({ id }, about)),
      unlessDeleted(answers.playable({ id }, about)),
    ]);
    return { formatsOff, ladder, ...(source && { source }), ...(playable && { playable }) };
  }

  return { queueOf, leaseMsOf, heldBy, lend };
}

/** The outputs of a file that no job has probed: 12 hours, the longest that is taken, of a small rendition. */
const unknownBytesMax = 16 * 2 ** 30;
/** Beside the renditions: sounds, captions, a cover and indexes. */
const filesBeside = 8;

/** The most bytes that all outputs of a job may have. Pure. */
function outputBytesMax({ source, playable, ladder }: JobFacts, { facts, profiles }: Task): number {
  const sizeBytes = source?.sizeBytes ?? playable?.source.sizeBytes ?? 0;
  if (!facts) return 4 * sizeBytes + unknownBytesMax;
  return fileBytesMax(sizeBytes, facts.durationMs) * (Math.max(ladder.length, profiles.length) + filesBeside);
}

/** The keys that the work of a job reads: its source, or the renditions that it goes on from. Pure. */
function inputKeys({ firstIndexKey, smallest }: Task, { source, playable }: JobFacts): string[] {
  const pictures = [smallest, ...(playable?.renditions ?? [])].flatMap((rendition) => rendition?.video ?? []);
  const tracks = [...pictures, ...(playable?.audio ? [playable.audio] : [])];
  const ofTracks = tracks.flatMap(({ key, indexKey }) => [key, indexKey]);
  return [...new Set([source?.key, firstIndexKey, ...ofTracks].filter((key) => key !== undefined))];
}
