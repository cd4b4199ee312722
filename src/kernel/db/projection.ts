import type { Call } from "../call.ts";
import type { Id } from "../fields.ts";

/**
 * A projection is stored beside the rows it is derived from, so that it can be derived again (reliability D3).
 */
export interface Projection {
  /**
   * Reports the faults of a projection that is changed in the transaction of its rows, so that any difference is a
   * fault. Changes nothing. A projection that follows by events lags behind, and has no such check.
   */
  drift?(): AsyncIterable<string>;
  /** Repairs faults in small steps beside concurrent writers; yields a sentence about each fault. */
  repair(call: Call): AsyncIterable<string>;
}

const atOnce = 200;

/** Two lists in the order of ids: the stored rows, and the things of their owner that the rows copy. */
export interface Replica<Stored extends { readonly id: Id }, Owned> {
  listStored(after: number, limit: number, call: Call): Promise<readonly Stored[]>;
  listOwned(page: { readonly after: number; readonly limit: number }, call: Call): Promise<readonly Owned[]>;
  idOf(owned: Owned): Id;
  /**
   * Repairs rows of things that were deleted, and of those that exist; yields what was wrong. `stored`: the rows of these
   * before their owner was asked, by id.
   */
  repair(
    deleted: readonly Stored[],
    owned: readonly Owned[],
    call: Call,
    stored: ReadonlyMap<Id, Stored>,
  ): Promise<readonly string[]>;
}

/** Keeps stored rows equal to the things of another service that they copy. */
export const createReplicaProjection = <Stored extends { readonly id: Id }, Owned>(
  replica: Replica<Stored, Owned>,
): Projection => ({
  async *repair(call) {
    for (let after = 0; ; ) {
      // The stored rows are read before the owner is asked: a row that the owner does not have any more was deleted,
      // and a row that is made meanwhile is not taken for one.
      const stored = await replica.listStored(after, atOnce, call);
      const owned = await replica.listOwned({ after, limit: atOnce }, call);
      const last = owned.at(-1);
      const reach = Math.min(
        stored.length < atOnce ? Number.MAX_SAFE_INTEGER : (stored.at(-1)?.id ?? 0),
        owned.length < atOnce || last === undefined ? Number.MAX_SAFE_INTEGER : replica.idOf(last),
      );
      const within = owned.filter((item) => replica.idOf(item) <= reach);
      const ids = new Set(within.map((item) => replica.idOf(item)));
      const deleted = stored.filter(({ id }) => id <= reach && !ids.has(id));
      yield* await replica.repair(deleted, within, call, new Map(stored.map((row) => [row.id, row])));
      if (reach === Number.MAX_SAFE_INTEGER) return;
      after = reach;
    }
  },
});
