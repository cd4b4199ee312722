import { setImmediate } from "node:timers/promises";
import type { Log } from "#kernel";
import { type Horizon, horizonOf } from "#kernel/db/changes";
import { SearchIndex } from "../index/search-index.ts";
import type { Db } from "../store.ts";
import { indexDocument } from "./index-document.ts";
import { changedBetween, firstRow, type MemoryRow, type RowKey, visibleAfter } from "./memory-store.ts";

/** What is older is brought up to date before it is used, or beside it. */
const youngMs = 200;
const oldMs = 1_000;
const batch = 500;
/** Texts of that many units are indexed before others have their turn: some milliseconds. */
const unitsAtOnce = 10_000;

/** An index with the horizon it was read at. */
export interface Restored {
  readonly index: SearchIndex;
  readonly horizon: Horizon;
}

interface MemoryParts {
  readonly db: Db;
  readonly log: Log;
  readonly now: () => number;
  /** The last snapshot of this table, where there is one. */
  readonly restore?: (horizon: Horizon) => Promise<Restored | undefined>;
}

/**
 * The index of all public videos, users and hashtags, in the memory of each process. It follows `search.documents` when a
 * request needs it, so an idle process does nothing.
 */
export class SearchMemory {
  readonly #parts: MemoryParts;
  #index = new SearchIndex();
  #horizon: Horizon | undefined;
  #updatedAtMs = Number.NEGATIVE_INFINITY;
  #update: Promise<void> | undefined;

  constructor(parts: MemoryParts) {
    this.#parts = parts;
  }

  get index(): SearchIndex {
    return this.#index;
  }
  /** How far it followed the table; undefined before it was first filled. */
  get horizon(): Horizon | undefined {
    return this.#horizon;
  }

  /**
   * Brings it up to date; settles once nothing in it is older than a second. While the database is away, it is used as it
   * is. @throws what the first filling throws
   */
  async refresh(): Promise<void> {
    const age = Math.abs(this.#parts.now() - this.#updatedAtMs);
    if (age < youngMs) return;
    this.#update ??= this.#follow().finally(() => (this.#update = undefined));
    if (this.#horizon && age < oldMs) {
      this.#update.catch(() => undefined);
      return;
    }
    try {
      await this.#update;
    } catch (error) {
      if (!this.#horizon) throw error;
      this.#parts.log.warn("searches are answered from what was known before", { err: error });
    }
  }

  async #follow(): Promise<void> {
    const { db, now } = this.#parts;
    const beganAtMs = now();
    const horizon = await horizonOf(db, "search.documents");
    if (this.#horizon?.storage === horizon.storage) await this.#catchUp(this.#index, this.#horizon, horizon);
    else this.#index = await this.#filled(horizon);
    this.#horizon = horizon;
    this.#updatedAtMs = beganAtMs;
  }

  /** Another index, so that searches are answered from the one before meanwhile. */
  async #filled(horizon: Horizon): Promise<SearchIndex> {
    const restored = await this.#parts.restore?.(horizon);
    if (restored) {
      await this.#catchUp(restored.index, restored.horizon, horizon);
      return restored.index;
    }
    const index = new SearchIndex();
    await this.#apply(index, horizon, (after) => visibleAfter(this.#parts.db, after, batch));
    return index;
  }

  async #catchUp(index: SearchIndex, before: Horizon, horizon: Horizon): Promise<void> {
    const range = { fromTx: before.endedTx, beforeTx: horizon.endedTx };
    if (range.fromTx >= range.beforeTx) return;
    await this.#apply(index, horizon, (after) => changedBetween(this.#parts.db, range, after, batch));
  }

  /**
   * Versions in the index are horizons: a row is read as it is after all transactions before its horizon, and again for a
   * later one where it changed since.
   */
  async #apply(
    index: SearchIndex,
    { endedTx }: Horizon,
    read: (after: RowKey) => Promise<readonly MemoryRow[]>,
  ): Promise<void> {
    for (let after = firstRow; ; ) {
      const rows = await read(after);
      let units = 0;
      for (const row of rows) {
        if (row.isVisible) index.put(indexDocument(row, endedTx));
        else index.remove(row, endedTx);
        units += unitsOf(row);
        if (units < unitsAtOnce) continue;
        index.refresh();
        units = 0;
        await setImmediate();
      }
      index.refresh();
      const last = rows.at(-1);
      if (rows.length < batch || !last) return;
      after = last;
    }
  }
}

const unitsOf = ({ title, description, tags, hashtags }: MemoryRow): number =>
  200 + title.length + description.length + [...tags, ...hashtags].join(" ").length;
