import { setImmediate } from "node:timers/promises";
import type { Log } from "#kernel";
import { type Horizon, horizonOf } from "#kernel/db/changes";
import { Learner } from "./learner/learner.ts";
import type { Signal } from "./signals/signal.ts";
import * as signalStore from "./signals/signal-store.ts";
import type { Db } from "./store.ts";
import * as poolStore from "./pool/pool-store.ts";
import { VideoPool } from "./pool/video-pool.ts";

/** Contents older than `youngMs` are updated beside requests, those older than `oldMs` before a request uses them. */
const youngMs = 200;
const oldMs = 1_000;
/** Changes that this process makes are in the tables after this time at most, save on a very slow disk. */
const commitMs = 100;
/** Signals that are learned anew at a start. */
const signalsAtStart = 100_000;
/** Other requests have a turn after this many signals. */
const signalsAtOnce = 200;
const batch = 5_000;

interface MemoryParts {
  readonly db: Db;
  readonly log: Log;
  readonly now: () => number;
  /** Called with each signal that is learned, save for those from before the start. */
  readonly learned?: (signal: Signal) => void;
}

/**
 * The data of feeds in the memory of each process: the public videos, and the knowledge learned from signals. It
 * follows the tables when a request needs it, so an idle process does nothing.
 */
export class Memory {
  readonly #parts: MemoryParts;
  #pool = new VideoPool();
  #learner = new Learner(this.#pool);
  #horizon: Horizon | undefined;
  #updatedAtMs = Number.NEGATIVE_INFINITY;
  /** When an update began, and until when this process changed tables, by the clock of the process. */
  #beganMs = Number.NEGATIVE_INFINITY;
  #changedMs = Number.NEGATIVE_INFINITY;
  #update: Promise<void> | undefined;

  constructor(parts: MemoryParts) {
    this.#parts = parts;
  }

  get pool(): VideoPool {
    return this.#pool;
  }
  get learner(): Learner {
    return this.#learner;
  }

  /** True once the memory was filled. */
  get isFilled(): boolean {
    return this.#horizon !== undefined;
  }

  /** This process is changing the tables: what it answers from now on knows of it. */
  change(): void {
    this.#changedMs = performance.now() + commitMs;
  }

  /**
   * Brings it up to date; settles once nothing in it is older than a second. While the database is away, it is used as it
   * is. @throws what the first filling throws
   */
  async refresh(): Promise<void> {
    const age = Math.abs(this.#parts.now() - this.#updatedAtMs);
    const isChanged = this.#beganMs < this.#changedMs;
    if (age < youngMs && !isChanged) return;
    this.#update ??= this.#follow().finally(() => (this.#update = undefined));
    if (this.isFilled && age < oldMs && !isChanged) {
      this.#update.catch(() => undefined);
      return;
    }
    try {
      await this.#update;
    } catch (error) {
      if (!this.isFilled) throw error;
      this.#parts.log.warn("feeds are made of what was known before", { err: error });
    }
  }

  async #follow(): Promise<void> {
    const { db, now } = this.#parts;
    const beganAtMs = now();
    const beganMs = performance.now();
    const horizon = await horizonOf(db, "recommend.candidates");
    if (this.#horizon?.storage === horizon.storage) await this.#catchUp(this.#horizon.endedTx);
    else await this.#fill();
    this.#horizon = horizon;
    this.#updatedAtMs = beganAtMs;
    this.#beganMs = beganMs;
    this.learner.settle(now());
  }

  async #fill(): Promise<void> {
    const { db, now } = this.#parts;
    const pool = new VideoPool();
    const learner = new Learner(pool);
    for (let after = 0; ; ) {
      const rows = await poolStore.visibleAfter(db, after, batch);
      for (const row of rows) pool.put(row);
      if (rows.length < batch) break;
      after = rows.at(-1)?.videoId ?? 0;
    }
    for (const [n, signal] of (await signalStore.lastOnes(db, signalsAtStart)).entries()) {
      learner.add(signal, now());
      if (n % signalsAtOnce === 0) await setImmediate();
    }
    learner.learned = this.#parts.learned;
    [this.#pool, this.#learner] = [pool, learner];
  }

  /** Rows that are seen already although an older transaction is under way are read now, and once more after it. */
  async #catchUp(fromTx: number): Promise<void> {
    const { db, now } = this.#parts;
    for (const row of await poolStore.changedSince(db, fromTx))
      if (row.isVisible) this.pool.put(row);
      else this.pool.remove(row.videoId);
    for (const signal of await signalStore.changedSince(db, fromTx)) this.learner.add(signal, now());
  }
}
