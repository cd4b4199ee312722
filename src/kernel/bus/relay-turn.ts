import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import type { Failpoints } from "../environment/failpoint.ts";
import type { Log } from "../log/port.ts";
import { moveCursors, type Positioned, trim } from "./event-log.ts";
import type { Lane, Turn } from "./lane.ts";

/** Deletions wait this long for the slower lanes of a batch, so that most batches are deleted by one statement. */
const settleMs = 200;

interface TurnParts {
  readonly db: Db<KernelTables>;
  readonly log: Log;
  readonly failpoints: Failpoints;
  readonly lanes: readonly Lane[];
  readonly head: number;
  readonly isOver: () => boolean;
  readonly published: (count: number) => void;
}

/** One turn of a relay under its lease: how long the log is, and what of it may be deleted. */
export class RelayTurn implements Turn {
  head: number;
  readonly #parts: TurnParts;
  /** The types of events of the log that were read in this turn; events of other types wait for a later turn. */
  readonly #types = new Set<string>();
  #settling: Promise<void> = Promise.resolve();
  /** When the first lane advanced after the last settlement; undefined when none did. */
  #unsettledSinceMs: number | undefined;

  constructor(parts: TurnParts) {
    this.#parts = parts;
    this.head = parts.head;
    // A row of the log that all have passed waits for no lane.
    if (parts.head > 0) this.#unsettledSinceMs = performance.now();
  }

  isOver(): boolean {
    return this.#parts.isOver();
  }

  addTypes(events: readonly Positioned[]): void {
    for (const { type } of events) this.#types.add(type);
  }

  /** The log ends with these events now. */
  advance(fresh: readonly Positioned[]): void {
    const before = this.head;
    this.addTypes(fresh);
    this.head = fresh.at(-1)?.position ?? before;
    if (fresh.length > 0) this.#unsettledSinceMs ??= performance.now();
    for (const lane of this.#parts.lanes) lane.advance(this, lane.position >= before ? fresh : undefined);
  }

  onAdvance(): void {
    const now = performance.now();
    this.#unsettledSinceMs ??= now;
    const isAwaited = this.#parts.lanes.some((lane) => lane.position < this.head && lane.waitMs() === 0);
    if (!isAwaited || now - this.#unsettledSinceMs > settleMs) void this.settle();
  }

  /** Stores how far the lanes have come and deletes what all have passed. One settlement at a time. */
  settle(): Promise<void> {
    this.#settling = this.#settling
      .then(() => this.#settle())
      .catch((error: unknown) => this.#parts.log.warn("delivered events were not deleted", { err: error }));
    return this.#settling;
  }

  async #settle(): Promise<void> {
    if (this.#unsettledSinceMs === undefined) return;
    this.#unsettledSinceMs = undefined;
    const { db, lanes, failpoints, published } = this.#parts;
    const { head } = this;
    const isEven = lanes.every(({ confirmed }) => confirmed >= head);
    const upTo = isEven ? head : new Map([...this.#types].map((type) => [type, this.#passedBy(type)]));
    await failpoints.hit("relay.delivered");
    // A cursor is not needed if all lanes have everything: the log is empty then.
    if (!isEven) await moveCursors(db, new Map(lanes.map(({ route, confirmed }) => [route.name, confirmed])));
    published(await trim(db, upTo));
    await failpoints.hit("relay.forgotten");
  }

  /** The position up to which every lane that carries this type has come. */
  #passedBy(type: string): number {
    const carriers = this.#parts.lanes.filter(({ route }) => route.carries(type));
    return Math.min(this.head, ...carriers.map(({ confirmed }) => confirmed));
  }
}
