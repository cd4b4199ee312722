import type { Id } from "#kernel";
import type { Signal } from "../../room/log/room-log.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./product-store.ts";

type Parts = Pick<LiveHost, "db" | "log"> & { readonly settings: Pick<LiveHost["settings"], "tickMs"> };

/** What changed of the products of a room since the last notice: the stock of some, or more than that. */
interface Changes {
  readonly stockOf: Set<Id>;
  isListChanged: boolean;
}

/**
 * Says to those in a room what of its products is another now: how many are left, or that the list is to be read anew. What
 * comes together is said once, for a hundred buyers may come together. Nothing of it is kept: who misses it reads the list.
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

  /** As `stockChanged`; what was reserved is free again in `leftMs`, which nothing else says. */
  reserved(liveId: Id, id: Id, leftMs: number): void {
    this.stockChanged(liveId, id);
    this.#later(leftMs, () => this.stockChanged(liveId, id));
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #changesOf(liveId: Id): Changes {
    const known = this.#waiting.get(liveId);
    if (known) return known;
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
