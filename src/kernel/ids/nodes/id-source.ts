import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "../../db/port.ts";
import type { KernelTables } from "../../db/tables.ts";
import { failure } from "../../errors.ts";
import type { Log } from "../../log/port.ts";
import { createIdGenerator, type Ids, nodeNumbers, TicksUsedUp, tickOf } from "../id.ts";
import { chooseNumber } from "./choice.ts";
import * as store from "./store.ts";

/** A process that stood still, or lost its database, makes ids again after its next renewal. */
export const NoIdNow = failure("unavailable", "kernel.no_id", "nothing new can be stored right now");

/** All numbers of a service are held by running processes. */
export class NumbersExhausted extends Error {
  constructor(service: string) {
    super(`${nodeNumbers} processes of ${service} are running, and no more can make ids: stop one of them`);
    this.name = "NumbersExhausted";
  }
}

const leaseMs = 15_000;
const renewEveryMs = 2_500;
/** Ticks are reserved ten seconds ahead. A clock that jumps further is not followed before the next renewal. */
const reservedTicks = 1_000;
/** Ticks beyond one that lies ahead of the clock: few, so that a process that is killed often does not run ahead. */
const burstTicks = 10;
/** Longer than a lease: a number of a process that was killed becomes free. */
const waitMsMax = 20_000;
const lookAgainMs = 500;

interface Parts {
  readonly db: Db<KernelTables>;
  readonly service: string;
  /** Names this process; stable over restarts. */
  readonly holder: string;
  readonly now: () => number;
  /** Milliseconds that nobody sets; for tests of pauses. */
  readonly elapsedMs?: () => number;
  readonly log: Log;
  /** Called when another process took the number. */
  readonly lost?: () => void;
}

/**
 * Makes the ids of one service in this process, under a number that is leased in the service's database. Ticks are
 * reserved there before ids are made of them, and the next holder of the number begins beyond them. So ids never repeat,
 * whatever clocks do and however long a process stands still.
 */
export class IdSource {
  readonly #parts: Parts;
  #hold: store.Hold = { number: 0, fence: 0 };
  #ids: Ids;
  /** The last tick that is reserved. */
  #lastTick = 0;
  /** The end of the lease, by elapsed time. */
  #leasedUntil = Number.NEGATIVE_INFINITY;
  #renewal: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#ids = createIdGenerator(parts.now);
  }

  /** @throws NumbersExhausted when no number became free in time */
  static async open(parts: Parts, waitMs = waitMsMax): Promise<IdSource> {
    const source = new IdSource(parts);
    const patientUntil = performance.now() + waitMs;
    while (!(await source.#take(true))) {
      if (performance.now() > patientUntil) throw new NumbersExhausted(parts.service);
      await sleep(lookAgainMs);
    }
    source.#timer = setInterval(() => void source.renew().catch(() => undefined), renewEveryMs).unref();
    return source;
  }

  get number(): number {
    return this.#hold.number;
  }

  /** @throws NoIdNow */
  readonly next = (): number => {
    if (!this.isReady()) void this.renew().catch(() => undefined);
    if (this.#elapsedMs() > this.#leasedUntil) throw NoIdNow({});
    try {
      return this.#ids.next();
    } catch (error) {
      throw error instanceof TicksUsedUp ? NoIdNow({}, error) : error;
    }
  };

  /** False after a pause of the process and after a jump of its clock, until the lease is renewed. */
  isReady(): boolean {
    return this.#elapsedMs() <= this.#leasedUntil && tickOf(this.#parts.now()) <= this.#lastTick;
  }

  /** Prolongs the lease and reserves more ticks; with another number, where this one was lost. */
  renew(): Promise<void> {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** Gives the number back. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#leasedUntil = Number.NEGATIVE_INFINITY;
    clearInterval(this.#timer);
    await this.#renewal?.catch(() => undefined);
    // Without a database, the lease ends by itself.
    await store.release(this.#parts.db, this.#hold, this.#ids.highTick).catch(() => undefined);
  }

  async #renew(): Promise<void> {
    const { db, service, log, lost } = this.#parts;
    if (this.#isStopped) return;
    const lastTick = this.#nextLastTick(this.#ids.highTick);
    const leasedUntil = this.#elapsedMs() + leaseMs;
    if (await store.renew(db, this.#hold, leaseMs, lastTick)) {
      this.#lastTick = lastTick;
      this.#leasedUntil = leasedUntil;
    } else {
      // No id is made under the number from here on, although none could repeat.
      this.#leasedUntil = Number.NEGATIVE_INFINITY;
      log.warn("another process took the node number for ids", { service, number: this.#hold.number });
      lost?.();
      await this.#take(false);
    }
  }

  async #take(mayResume: boolean): Promise<boolean> {
    const { db, holder, now } = this.#parts;
    const leasedUntil = this.#elapsedMs() + leaseMs;
    const start = await db.tx(async (tx) => {
      const rows = await store.lockNumbers(tx);
      const number = chooseNumber(rows, { name: holder, mayResume, tick: tickOf(now()) });
      if (number === undefined) return undefined;
      const highTick = rows.find((row) => row.number === number)?.tick ?? 0;
      const startTick = Math.max(highTick, this.#ids.highTick) + 1;
      const lastTick = this.#nextLastTick(startTick);
      return { startTick, lastTick, hold: await store.take(tx, { number, holder, leaseMs, tick: lastTick }) };
    });
    if (start === undefined) return false;
    const { startTick, lastTick, hold } = start;
    this.#hold = hold;
    this.#lastTick = lastTick;
    this.#leasedUntil = leasedUntil;
    this.#ids = createIdGenerator(now, { node: hold.number, startTick, lastTick: () => this.#lastTick });
    return true;
  }

  #elapsedMs(): number {
    return (this.#parts.elapsedMs ?? performance.now.bind(performance))();
  }

  #nextLastTick(highTick: number): number {
    return Math.max(tickOf(this.#parts.now()) + reservedTicks, highTick + burstTicks);
  }
}
