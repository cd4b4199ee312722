import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import type { Failpoints } from "../environment/failpoint.ts";
import type { Log } from "../log/port.ts";
import { eventsAfter, type Positioned } from "./event-log.ts";
import type { Route } from "./port.ts";

const batch = 256;
/** A destination that was away is asked within ten seconds of being back, however long that was (reliability R6). */
const delayMsMax = 8_000;
const delayMs = (attempts: number): number => Math.min(500 * 2 ** attempts, delayMsMax);

/** The log as a lane sees it in the current turn of its relay. */
export interface Turn {
  /** The last position there is. */
  readonly head: number;
  isOver(): boolean;
  /** The types of these events are in the log. */
  addTypes(events: readonly Positioned[]): void;
  /** A lane has come further. */
  onAdvance(): void;
}

interface LaneParts {
  /** The publisher. */
  readonly source: string;
  readonly db: Db<KernelTables>;
  readonly log: Log;
  readonly failpoints: Failpoints;
}

/**
 * The delivery to one route: a publisher's log in order, one batch at a time, with its own cursor and backoff. A handler
 * that fails is retried where the events arrive (`consumer.ts`).
 */
export class Lane {
  /** All events up to here are sent. */
  position = 0;
  /** All events up to here are stored by their consumers. */
  confirmed = 0;
  /** Settles when the lane has everything or waits for another attempt. */
  sending: Promise<void> | undefined;
  route: Route;
  readonly #parts: LaneParts;
  #attempts = 0;
  /** On the monotonic clock. */
  #retryAtMs = 0;

  constructor(route: Route, parts: LaneParts) {
    this.route = route;
    this.#parts = parts;
  }

  /** Begins a turn with the cursor that the log keeps: another process may have moved it. */
  open(route: Route, position: number): void {
    this.route = route;
    const isOurs = this.confirmed >= position && this.position > this.confirmed;
    this.confirmed = Math.max(this.confirmed, position);
    // Events that this process gave to a broker need not be sent again.
    if (route.confirmedPosition && isOurs) return;
    this.position = this.confirmed = position;
    route.reset?.(this.#parts.source);
  }

  /** Asks a broker what its consumers have; true where it has lost something, which is sent again. */
  async confirm(): Promise<boolean> {
    const confirmed = await this.route.confirmedPosition?.(this.#parts.source);
    if (confirmed === "lost") {
      this.position = this.confirmed;
      return true;
    }
    this.confirmed = Math.max(this.confirmed, Math.min(this.position, confirmed ?? this.position));
    return false;
  }

  /** How long it waits for its next attempt; 0 when it does not. */
  waitMs(): number {
    return Math.max(0, this.#retryAtMs - performance.now());
  }

  /** Begins to send the events in the log. `fresh` are its last events where the lane has all earlier ones. */
  advance(turn: Turn, fresh: readonly Positioned[] | undefined): void {
    if (this.sending || this.position >= turn.head || this.waitMs() > 0) return;
    this.sending = this.#send(turn, fresh).finally(() => (this.sending = undefined));
  }

  async #send(turn: Turn, fresh: readonly Positioned[] | undefined): Promise<void> {
    const { source, db, log, failpoints } = this.#parts;
    const { route } = this;
    try {
      for (let next = fresh; this.position < turn.head && !turn.isOver(); next = undefined) {
        const { head } = turn;
        const events = next ?? (await eventsAfter(db, this.position, batch));
        turn.addTypes(events);
        const carried = events.filter(({ type }) => route.carries(type));
        if (carried.length > 0) {
          await failpoints.hit("relay.before_delivery");
          await route.send(carried.map((event) => ({ ...event, source })));
        }
        // Rows that are missing up to the head did not concern this route, and are deleted.
        this.position = events.at(-1)?.position ?? head;
        if (!route.confirmedPosition) this.confirmed = this.position;
        this.#attempts = 0;
        turn.onAdvance();
      }
    } catch (error) {
      this.#attempts += 1;
      this.#retryAtMs = performance.now() + delayMs(this.#attempts);
      log.warn("events were not delivered", { consumer: route.name, attempts: this.#attempts, err: error });
    }
  }
}
