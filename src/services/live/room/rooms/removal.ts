import type { Call, Handlers, Id, Tx } from "#kernel";
import type { live } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import type { RoomAccess } from "./access.ts";
import type { RoomEvents } from "./room-events.ts";
import * as store from "./room-store.ts";

interface Parts {
  /** Ends a room in a transaction that holds its row. */
  readonly endIn: (tx: Tx<Tables>, row: store.Row) => Promise<store.Row>;
  readonly access: RoomAccess;
  readonly events: RoomEvents;
  readonly changed: (row: store.Row) => void;
}

/** Deletes live rooms: by their owner, and with the account. */
export interface RoomRemoval {
  /** In a transaction that deletes an account. */
  readonly removeOf: (tx: Tx<Tables>, ownerId: Id) => Promise<void>;
  readonly remove: Handlers<typeof live>["remove"];
}

export function createRoomRemoval({ db }: LiveHost, { access, events, endIn, changed }: Parts): RoomRemoval {
  async function removeIn(tx: Tx<Tables>, row: store.Row): Promise<store.Row> {
    const ended = await endIn(tx, row);
    await events.deleted(tx, ended);
    await store.remove(tx, row.id);
    return ended;
  }

  return {
    removeOf: async (tx: Tx<Tables>, ownerId: Id): Promise<void> => {
      for (const row of await store.ofOwner(tx, ownerId)) await removeIn(tx, row);
    },

    remove: async ({ id }: { id: Id }, call: Call) => {
      access.requireOwn(await access.requireVisible(await store.byId(db, id), call), "delete", call);
      const removed = await db.tx(async (tx) => {
        const row = await store.lockById(tx, id);
        return row && removeIn(tx, row);
      });
      if (removed) changed(removed);
      return {};
    },
  };
}
