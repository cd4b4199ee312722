import { entriesChanged, entriesPerEvent, type EntryState } from "#events/drive";
import type { Host, Id, Tx } from "#kernel";
import type * as store from "../store.ts";

/** The fields of a row that its events publish. */
type ChangedRow = Pick<store.Row, "id" | "version" | "name" | "kind" | "trashId">;

/** A row as other services follow it. Pure. */
export const entryState = ({ id, version, name, kind, trashId }: ChangedRow): EntryState =>
  trashId === null ? { id, version, state: "live", kind, name } : { id, version, state: "trashed", kind, name: "" };

/** Publishes rows as they are after a change, in its transaction; each once. */
export interface EntryEvents {
  readonly changed: (tx: Tx<store.Tables>, userId: Id, rows: readonly ChangedRow[]) => Promise<void>;
  readonly deleted: (
    tx: Tx<store.Tables>,
    userId: Id,
    rows: readonly Omit<ChangedRow, "name" | "trashId">[],
  ) => Promise<void>;
}

export function createEntryEvents({ emitAll, now }: Pick<Host, "emitAll" | "now">): EntryEvents {
  async function publish(tx: Tx<store.Tables>, userId: Id, states: readonly EntryState[]): Promise<void> {
    const atMs = now();
    const events = Math.ceil(states.length / entriesPerEvent);
    const facts = Array.from({ length: events }, (_, n) => ({
      key: userId,
      payload: { userId, entries: states.slice(n * entriesPerEvent, (n + 1) * entriesPerEvent), atMs },
    }));
    await emitAll(tx, entriesChanged, facts);
  }

  return {
    changed: (tx: Tx<store.Tables>, userId: Id, rows: readonly ChangedRow[]) =>
      publish(tx, userId, rows.map(entryState)),

    deleted: (tx: Tx<store.Tables>, userId: Id, rows: readonly Omit<ChangedRow, "name" | "trashId">[]) =>
      publish(
        tx,
        userId,
        rows.map(({ id, version, kind }) => ({ id, version, state: "deleted", kind, name: "" })),
      ),
  };
}
