import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { KinoraError } from "../errors.ts";
import type { Failpoints } from "../environment/failpoint.ts";
import type { Locks } from "../lock/port.ts";
import type { Log } from "../log/port.ts";
import { Loop } from "../process/loop.ts";
import type { Subscription } from "./subscription.ts";
import { deadLetter } from "./dead-letters.ts";
import { applyEvents, recordReceived } from "./inbox.ts";
import { defer, duePending, hold, nextPendingMs, type Pending, postpone, takePending } from "./pending-events.ts";
import type { ConsumerEnd, Delivery } from "./port.ts";

/** More events than this keep a transaction, and the rows it locks, too long. */
const batch = 64;
const attemptsMax = 12;
const errorLengthMax = 1_000;
/** A service that was away has everything within ten seconds of being back, however long that was (reliability R6). */
const awayMsMax = 8_000;
/** 1 s, 2 s, 4 s … 60 s. */
const delayMs = (attempts: number, isAway: boolean): number =>
  Math.min(1_000 * 2 ** attempts, isAway ? awayMsMax : 60_000);
/** The handler asked a service that is away; it will be back. */
const isUnavailable = (error: unknown): boolean => error instanceof KinoraError && error.kind === "unavailable";
const textOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, errorLengthMax);

interface ConsumerParts {
  readonly name: string;
  readonly db: Db<KernelTables>;
  readonly subscriptions: readonly Subscription<KernelTables>[];
  readonly locks: Locks;
  readonly log: Log;
  readonly failpoints: Failpoints;
  readonly consumed: (result: "ok" | "failed" | "dead", count: number) => void;
}

/**
 * Consumes events for one service, each once: the note that it was received and everything its handlers do are one
 * transaction (reliability D3). An event that fails is stored as pending and tried again with backoff; later events of its
 * source and key wait behind it. After its last attempt it is dead-lettered, and its key goes on.
 */
export class Consumer implements ConsumerEnd {
  readonly name: string;
  readonly types: ReadonlySet<string>;
  readonly locks: Locks;
  readonly #parts: ConsumerParts;
  readonly #retries: Loop;
  /** One batch at a time: two that lock the same rows in another order would wait for each other. */
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.locks = parts.locks;
    this.types = new Set(parts.subscriptions.map(({ type }) => type.name));
    this.#retries = new Loop(
      () => this.#retryDue(),
      (error) => parts.log.warn("pending events were not tried again", { err: error }),
    );
  }

  receive(events: readonly Delivery[]): Promise<void> {
    const received = this.#last.then(() => this.#receive(events));
    this.#last = received.catch(() => undefined);
    return received;
  }

  /** Pending events may be due. */
  wake(): void {
    this.#retries.wake();
  }

  /** Settles when no pending event is due. */
  async idle(): Promise<void> {
    await this.#last;
    await this.#retries.idle();
  }

  async stop(): Promise<void> {
    await this.#last;
    await this.#retries.stop();
  }

  async #receive(events: readonly Delivery[]): Promise<void> {
    const consumable = events.filter(({ type }) => this.types.has(type));
    for (let start = 0; start < consumable.length; start += batch)
      await this.#consume(consumable.slice(start, start + batch));
  }

  async #consume(events: readonly Delivery[]): Promise<void> {
    const { db, subscriptions, failpoints, log, consumed } = this.#parts;
    try {
      await db.tx(async (tx) => {
        const received = await recordReceived(tx, events);
        const blocked = received.filter(({ isHeld }) => isHeld);
        await hold(
          tx,
          blocked.map(({ event }) => event),
        );
        const free = received.filter(({ isHeld }) => !isHeld).map(({ event }) => event);
        await applyEvents(tx, subscriptions, free);
        await failpoints.hit("inbox.before_commit");
      });
    } catch (error) {
      const [only, ...further] = events;
      if (!only) return;
      // Together they failed, so each is tried alone: one that fails must not take the others with it.
      if (further.length > 0) for (const event of events) await this.#consume([event]);
      else {
        await defer(db, only, textOf(error), delayMs(0, false));
        log.warn("an event was not applied", { eventType: only.type, eventId: only.eventId, attempts: 1, err: error });
        consumed("failed", 1);
        this.#retries.wake();
      }
      return;
    }
    await failpoints.hit("inbox.after_commit");
    consumed("ok", events.length);
  }

  /** Tries events that are due; returns when to look again. */
  async #retryDue(): Promise<number | undefined> {
    const due = await duePending(this.#parts.db, batch);
    for (const event of due) await this.#retry(event);
    return due.length > 0 ? 0 : await nextPendingMs(this.#parts.db);
  }

  async #retry(event: Pending): Promise<void> {
    const { db, subscriptions, failpoints, consumed } = this.#parts;
    try {
      const isOurs = await db.tx(async (tx) => {
        if (!(await takePending(tx, event.seq))) return false;
        await applyEvents(tx, subscriptions, [event]);
        await failpoints.hit("inbox.before_commit");
        return true;
      });
      if (isOurs) consumed("ok", 1);
    } catch (error) {
      await this.#recordFailure(event, error);
    }
  }

  async #recordFailure(event: Pending, error: unknown): Promise<void> {
    const { db, log, consumed } = this.#parts;
    const attempts = event.attempts + 1;
    const about = { eventType: event.type, eventId: event.eventId, attempts, err: error };
    // Events that wait for an unavailable service are never given up.
    if (isUnavailable(error) || attempts < attemptsMax) {
      await postpone(db, event, textOf(error), delayMs(event.attempts, isUnavailable(error)));
      log.warn("an event was not applied", about);
      consumed("failed", 1);
    } else if (await deadLetter(db, event, textOf(error))) {
      log.error("an event was dead-lettered", { ...about, key: event.key });
      consumed("dead", 1);
    }
  }
}
