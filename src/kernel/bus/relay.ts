import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { KinoraError } from "../errors.ts";
import type { Failpoints } from "../failpoint.ts";
import type { Log } from "../log/port.ts";
import type { Locks } from "../lock/port.ts";
import { Loop } from "../loop.ts";
import { bury } from "./dead-events.ts";
import { delivered, nextDueMs, postpone, type Waiting, waiting } from "./outbox.ts";
import type { Bus } from "./port.ts";

const batch = 500;
/** As many as a hearer takes in one transaction. */
const keysAtOnce = 64;
const attemptsMax = 12;
/** When to ask again while another process relays. */
const busyMs = 1_000;
/** 1 s, 2 s, 4 s … 60 s (contracts/services §2). */
const delayMs = (attempts: number, isAway: boolean): number =>
  Math.min(1_000 * 2 ** attempts, isAway ? awayMsMax : 60_000);
/** Who was away hears everything within ten seconds of being back, however long that was (reliability R6). */
const awayMsMax = 8_000;

interface RelayParts {
  readonly db: Db<KernelTables>;
  readonly bus: Bus;
  readonly locks: Locks;
  readonly log: Log;
  readonly failpoints: Failpoints;
  /** Told how many events were just delivered. */
  readonly told: (count: number) => void;
  readonly buried: (event: Waiting) => void;
}

/** Carries one service's outbox to the bus: in order per key, several keys at once, again until it is heard. */
export class Relay {
  readonly #parts: RelayParts;
  readonly #loop: Loop;
  #isStopping = false;
  /** Whether something may wait for another try; what another process put off, that one comes back to. */
  #isWaiting = true;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#loop = new Loop(
      () => this.#round(),
      (error) => parts.log.warn("relay failed", { err: error }),
    );
  }

  /** A commit may have left something in the outbox. */
  wake(): void {
    this.#loop.wake();
  }

  /** Settles when nothing that is due is left. */
  idle(): Promise<void> {
    return this.#loop.idle();
  }

  stop(): Promise<void> {
    this.#isStopping = true;
    return this.#loop.stop();
  }

  /** All that is due; yields when to look again. Of several processes on one outbox one relays at a time, or order would be lost. */
  async #round(): Promise<number | undefined> {
    const { db, locks } = this.#parts;
    const next = await locks.try("relay", async ({ signal }) => {
      for (;;) {
        const events = await waiting(db, batch);
        if (events.length === 0) return { afterMs: await this.#nextMs() };
        await this.#deliver(events);
        if (this.#isStopping) return { afterMs: undefined };
        if (signal.aborted) return { afterMs: 0 };
      }
    });
    return next ? next.afterMs : busyMs;
  }

  async #nextMs(): Promise<number | undefined> {
    if (!this.#isWaiting) return undefined;
    const next = await nextDueMs(this.#parts.db);
    this.#isWaiting = next !== undefined;
    return next;
  }

  async #deliver(events: readonly Waiting[]): Promise<void> {
    const queues = [...Map.groupBy(events, (event) => event.key).values()];
    const done: number[] = [];
    const worker = async () => {
      for (let queue = queues.shift(); queue; queue = queues.shift())
        for (const event of queue) {
          if (!(await this.#tell(event))) break;
          done.push(event.seq);
        }
    };
    await Promise.all(Array.from({ length: keysAtOnce }, worker));
    await this.#parts.failpoints.hit("relay.delivered");
    this.#parts.told(done.length);
    if (done.length > 0) await delivered(this.#parts.db, done);
    await this.#parts.failpoints.hit("relay.forgotten");
  }

  /** Whether the event is out of the way: heard, or parked after its last attempt. */
  async #tell(event: Waiting): Promise<boolean> {
    const { db, bus, log, buried } = this.#parts;
    try {
      await this.#parts.failpoints.hit("relay.before_delivery");
      await bus.deliver(event);
      return true;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      log.warn("event not heard", {
        eventType: event.type,
        eventId: event.eventId,
        attempts: event.attempts + 1,
        err: error,
      });
      // Who is away will be back; only what is heard and refused again and again is parked.
      const isAway = error instanceof KinoraError && error.kind === "unavailable";
      if (isAway || event.attempts + 1 < attemptsMax) {
        this.#isWaiting = true;
        await postpone(db, event.seq, text.slice(0, 1_000), delayMs(event.attempts, isAway));
      } else {
        await bury(db, event, text.slice(0, 1_000));
        log.error("an event was given up", {
          eventType: event.type,
          eventId: event.eventId,
          key: event.key,
          err: error,
        });
        buried(event);
      }
      return false;
    }
  }
}
