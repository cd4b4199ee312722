import type { Tx } from "../db/transaction.ts";
import type { Id } from "../fields.ts";
import type { KinoraError } from "../errors.ts";

/** A piece of work whose lease a worker holds. */
export interface Job<P = unknown> {
  readonly id: Id;
  readonly payload: P;
  /** The number of this try, from 1. */
  readonly attempt: number;
  /** Grows with each claim: names what this attempt leaves on disk, and refuses the results of an earlier one. */
  readonly fence: number;
  readonly traceId: string;
  /** When it was added, in milliseconds since 1970. */
  readonly createdAtMs: number;
  /** Aborts when the lease is lost, the job is cancelled or the process stops. */
  readonly signal: AbortSignal;
  /** Records how far it is, 0–100; never goes back. Stored with the next heartbeat. */
  readonly progress: (percent: number) => void;
  /**
   * Commits what is done so far without ending the job, all or nothing.
   * @throws StaleLease when another worker holds the lease by now.
   */
  step<T>(results: (tx: Tx<T>) => Promise<void>): Promise<void>;
  /** Gives the job back for later: what it needs is not there, and this try does not count. `run` returns after it. */
  putOff(delayMs: number, reason: string): Promise<void>;
  /**
   * Ends the job and commits its results, all or nothing.
   * @throws StaleLease when another worker holds the lease by now.
   */
  finish<T>(results: (tx: Tx<T>) => Promise<void>): Promise<void>;
}

/** Slots of this process that kinds of one service share. */
export interface Pool {
  readonly name: string;
  readonly slots: number;
}

export interface JobKind<P = unknown> {
  readonly kind: string;
  /** How many run at once in this process. */
  readonly concurrency: number;
  /** Slots that it shares with the kinds of the same pool; its own by default. */
  readonly pool?: Pool;
  /**
   * How many slots of the pool this kind, and all that leave as many, leave to kinds that leave fewer: long work leaves
   * some, so that short work never waits for it. Fewer than the pool has.
   */
  readonly leaves?: number;
  /** Jobs of a pool with a higher priority go first. */
  readonly priority?: number;
  readonly attemptsMax: number;
  readonly leaseMs: number;
  run(job: Job<P>): Promise<void>;
  /** Applies the final failure of a job to the service's own tables, in the transaction that gives it up. */
  onGiveUp?(tx: Tx<unknown>, job: { readonly id: Id; readonly payload: P }, error: KinoraError): Promise<void>;
}
/** Declares a kind of job with the type of its payload. */
export const job = <P>(kind: JobKind<P>): JobKind => kind; // The queue hands over what `add` of this kind stored.

/** A claimed job as its row is; the payload is JSON. */
export interface ClaimedJob {
  readonly id: Id;
  readonly kind: string;
  readonly payload: string;
  readonly attempt: number;
  readonly attempts_max: number;
  readonly fence: number;
  readonly trace_id: string;
  readonly created_at_ms: number;
}
type Held = Pick<ClaimedJob, "id" | "fence">;

/** A kind whose jobs may be claimed now. */
export type OpenKind = Pick<JobKind, "kind" | "leaseMs">;

/** The jobs that one worker works off: in the tables of its service, or of a server that it reaches over HTTPS. */
export interface WorkQueue {
  /** Queues jobs again whose worker went silent; a job that was lost too often is given up. */
  recoverLost(): Promise<void>;
  /** The next job, or in how many milliseconds there may be one. */
  claim(open: readonly OpenKind[]): Promise<{ readonly job: ClaimedJob } | { readonly waitMs: number | undefined }>;
  /** Prolongs the lease; false if it no longer stands. */
  renew(job: Held, leaseMs: number, progress: number): Promise<boolean>;
  /** As {@link Job.step}. @throws StaleLease */
  step<T>(job: Held, results: (tx: Tx<T>) => Promise<void>): Promise<void>;
  /** As {@link Job.finish}. @throws StaleLease */
  finish<T>(job: Held, results: (tx: Tx<T>) => Promise<void>): Promise<void>;
  putOff(job: Held, delayMs: number, reason: string): Promise<void>;
  /** Records that this attempt failed: another one follows later, or the job is given up. */
  fail(job: ClaimedJob, error: unknown): Promise<void>;
}

/** The jobs of a service for one worker. */
export interface JobQueue extends WorkQueue {
  /** The job, while this worker holds it under this fence. */
  find(id: Id, fence: number): Promise<ClaimedJob | undefined>;
}

/** Work at fixed times, once per time however many processes there are. */
export interface Schedule {
  readonly name: string;
  /** A cron pattern with five or six fields, UTC. */
  readonly pattern: string;
  run(signal: AbortSignal): Promise<void>;
}

export interface NewJob {
  readonly payload: unknown;
  /** While a job of this kind with this key is unfinished, adding another does nothing. */
  readonly uniqueKey?: string;
  /** Higher goes first; that of its kind when left out. */
  readonly priority?: number;
  /**
   * The user it is done for. Among jobs of one priority, owners with the least work under way go first. Among those,
   * owners whose last turn with this kind was longest ago go first.
   */
  readonly ownerId?: Id;
  readonly delayMs?: number;
}

export interface JobState {
  readonly id: Id;
  readonly state: "queued" | "running" | "done" | "dead" | "cancelled";
  /** 0–100. */
  readonly progress: number;
  readonly attempt: number;
  readonly error: string | null;
}

/** A job that was given up. */
export interface DeadJob {
  readonly id: Id;
  readonly kind: string;
  /** Failed attempts, and attempts whose worker went silent. */
  readonly tries: number;
  readonly error: string | null;
  readonly ownerId: Id | null;
  readonly createdAtMs: number;
  readonly diedAtMs: number;
}

/** A service's own queue: rows in its own database, added with the change that needs them. */
export interface Jobs {
  /** Yields the id of the new job, or of the unfinished one with the same key. */
  add<T>(tx: Tx<T>, kind: string, job: NewJob): Promise<Id>;
  cancel(id: Id): Promise<boolean>;
  /** Cancels what waits or runs of these kinds with this key, whatever of it is being added right now; yields how many. */
  cancelAll<T>(tx: Tx<T>, kinds: readonly string[], uniqueKey: string): Promise<number>;
  /** How many of a kind wait, those put off included, and how many run. */
  count(kind: string): Promise<{ readonly queued: number; readonly running: number }>;
  /** The latest job of this key, finished or not. */
  find(kind: string, uniqueKey: string): Promise<JobState | undefined>;
  /** The jobs of these kinds for a worker outside of the service's processes, by its name. */
  queueFor(owner: string, kinds: readonly JobKind[]): JobQueue;
}
