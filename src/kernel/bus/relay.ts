import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import type { Failpoints } from "../environment/failpoint.ts";
import type { Lease, Locks } from "../lock/port.ts";
import type { Log } from "../log/port.ts";
import { Loop } from "../process/loop.ts";
import { cursors, positionNew, relayLock } from "./event-log.ts";
import { Lane } from "./lane.ts";
import type { Route } from "./port.ts";
import { RelayTurn } from "./relay-turn.ts";

const batch = 256;
/** When to ask again what consumers behind a broker have. */
const confirmMs = 250;
/** When to ask again while another process has the lease. */
const busyMs = 1_000;

interface RelayParts {
  /** The publisher. */
  readonly service: string;
  readonly db: Db<KernelTables>;
  readonly routes: () => readonly Route[];
  readonly locks: Locks;
  readonly log: Log;
  readonly failpoints: Failpoints;
  /** Called with a number of events that all their consumers have by now. */
  readonly published: (count: number) => void;
}

/**
 * Sends a publisher's log to its routes. Each route has a lane of its own, so that a slow or absent destination delays no
 * other. An event is deleted when all routes that carry its type have passed it. One process at a time relays a log.
 */
export class Relay {
  readonly #parts: RelayParts;
  readonly #loop: Loop;
  /** By the names of their routes. They are kept between turns for their backoff. */
  readonly #lanes = new Map<string, Lane>();
  #isStopping = false;
  #woken = Promise.withResolvers<void>();

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#loop = new Loop(
      () => this.#round(),
      (error) => parts.log.warn("relay failed", { err: error }),
    );
  }

  /** A commit may have left something in the outbox. */
  wake(): void {
    this.#woken.resolve();
    this.#loop.wake();
  }

  isAtWork(): boolean {
    return this.#loop.isRunning();
  }

  /** Settles when each route has everything or waits for its next attempt. */
  idle(): Promise<void> {
    return this.#loop.idle();
  }

  stop(): Promise<void> {
    this.#isStopping = true;
    this.#woken.resolve();
    return this.#loop.stop();
  }

  async #round(): Promise<number | undefined> {
    const round = await this.#parts.locks.try(relayLock, async (lease) => ({ afterMs: await this.#relay(lease) }));
    return round ? round.afterMs : busyMs;
  }

  /** Sends until every lane is quiet; returns in how many milliseconds one of them wants another attempt. */
  async #relay(lease: Lease): Promise<number | undefined> {
    const { db } = this.#parts;
    const { head, positions } = await cursors(db);
    const lanes = this.#openLanes(positions);
    const isOver = () => this.#isStopping || lease.signal.aborted;
    const turn = new RelayTurn({ ...this.#parts, lanes, head, isOver });
    lease.signal.addEventListener("abort", () => this.#woken.resolve(), { once: true });
    while (!isOver()) {
      this.#woken = Promise.withResolvers();
      const events = await positionNew(db, lease.fence, batch);
      turn.advance(events);
      if (events.length > 0) continue;
      const busy = lanes.flatMap(({ sending }) => sending ?? []);
      if (busy.length === 0) {
        if (await this.#confirm(lanes, turn)) continue;
        break;
      }
      await Promise.race([this.#woken.promise, ...busy]);
    }
    await Promise.all(lanes.flatMap(({ sending }) => sending ?? []));
    await turn.settle();
    const waits = lanes.map((lane) => lane.waitMs()).filter((waitMs) => waitMs > 0);
    if (lanes.some(({ position, confirmed }) => confirmed < position)) waits.push(confirmMs);
    return isOver() || waits.length === 0 ? undefined : Math.min(...waits);
  }

  /** Asks brokers what consumers have; true where something has to be sent again. */
  async #confirm(lanes: readonly Lane[], turn: RelayTurn): Promise<boolean> {
    let isLost = false;
    for (const lane of lanes)
      if (lane.confirmed < lane.position) {
        const before = lane.confirmed;
        isLost = (await lane.confirm()) || isLost;
        if (lane.confirmed > before) turn.onAdvance();
      }
    return isLost;
  }

  #openLanes(positions: ReadonlyMap<string, number>): Lane[] {
    const routes = this.#parts.routes();
    const names = new Set(routes.map(({ name }) => name));
    for (const name of this.#lanes.keys()) if (!names.has(name)) this.#lanes.delete(name);
    return routes.map((route) => {
      const existing = this.#lanes.get(route.name);
      const lane = existing ?? new Lane(route, { ...this.#parts, source: this.#parts.service });
      this.#lanes.set(route.name, lane);
      lane.open(route, positions.get(route.name) ?? 0);
      return lane;
    });
  }
}
