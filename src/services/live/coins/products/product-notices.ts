import type { Id } from "#kernel";
import type { Signal } from "../../room/log/room-log.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./product-store.ts";

type Parts = Pick<LiveHost, "db" | "log"> & { readonly settings: Pick<LiveHost["settings"], "tickMs"> };

/** The changes of a room's products since the last notice: the stock of some, or the whole list. */
interface Changes {
  readonly stockOf: Set<Id>;
  isListChanged: boolean;
}

/**
 * Notifies the viewers of a room of changed products: of new stock, or that the list has to be read again. Changes of
 * one tick are one notice, as a hundred buyers may come together. Notices are not stored; a client that misses one
 * reads the list.
 */
export class ProductNotices {
  readonly #host: Parts;
  readonly #signal: (liveId: Id, signal: Signal) => void;
  readonly #waiting = new Map<Id, Changes>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(host: Parts, signal: (liveId: Id, signal: Signal) => void) {
    this.#host = host;
    this.#signal = signal;
  }

  /** Call it after the commit. */
  listChanged(liveId: Id): void {
    this.#changesOf(liveId).isListChanged = true;
  }

  /** Call it after the commit. */
  stockChanged(liveId: Id, id: Id): void {
    this.#changesOf(liveId).stockOf.add(id);
  }

  /** As `stockChanged`; reserved stock is free again in `leftMs`, which no other event says. */
  announceReservation(liveId: Id, id: Id, leftMs: number): void {
    this.stockChanged(liveId, id);
    this.#later(leftMs, () => this.stockChanged(liveId, id));
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #changesOf(liveId: Id): Changes {
    const waiting = this.#waiting.get(liveId);
    if (waiting) return waiting;
    const changes: Changes = { stockOf: new Set(), isListChanged: false };
    this.#waiting.set(liveId, changes);
    this.#later(this.#host.settings.tickMs, () => void this.#say(liveId, changes));
    return changes;
  }

  #later(afterMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, afterMs).unref();
    this.#timers.add(timer);
  }

  async #say(liveId: Id, { stockOf, isListChanged }: Changes): Promise<void> {
    this.#waiting.delete(liveId);
    if (isListChanged) return this.#send(liveId, {});
    try {
      for (const id of stockOf) {
        const row = await store.byId(this.#host.db, liveId, id);
        if (row?.status === "on") this.#send(liveId, { id, available: row.available });
      }
    } catch (error) {
      this.#host.log.warn("the stock of a product was not said in its room", { liveId, err: error });
    }
  }

  #send(liveId: Id, detail: object): void {
    this.#signal(liveId, { kind: "product", userId: 0, username: "", payload: JSON.stringify(detail) });
  }
}
