import type { Call } from "../call.ts";
import type { Id } from "../fields.ts";

/**
 * A projection is stored beside the rows it is derived from, so that it can be derived again (reliability D3).
 */
export interface Projection {
  /**
   * Reports the faults of a projection that is changed in the transaction of its rows, and so is right at any moment.
   * Changes nothing. A projection that follows by events, a while later, has no such check.
   */
  drift?(): AsyncIterable<string>;
  /** Puts right what is wrong, a little at a time and beside others who write; of each it says what was wrong. */
  repair(call: Call): AsyncIterable<string>;
}

const atOnce = 200;

/** Two lists in the order of ids: what is stored of things, and the things, as their owner has them. */
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

/** Keeps what is stored of another service's things as those are. */
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
