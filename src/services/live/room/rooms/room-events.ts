import { liveCreated, liveDeleted, liveEnded, liveStarted, liveUpdated } from "#events/live";
import type { Tx } from "#kernel";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import type { Row } from "./room-store.ts";

/** Publishes what happened to a room, in the transaction of the change. */
export interface RoomEvents {
  readonly created: (tx: Tx<Tables>, row: Row) => Promise<void>;
  readonly updated: (tx: Tx<Tables>, row: Row) => Promise<void>;
  /** Followers are notified of a room once it has a stream. */
  readonly started: (tx: Tx<Tables>, row: Row, startedAtMs: number) => Promise<void>;
  readonly ended: (tx: Tx<Tables>, row: Row, endedAtMs: number) => Promise<void>;
  readonly deleted: (tx: Tx<Tables>, row: Row) => Promise<void>;
}

export const createRoomEvents = ({ emit }: Pick<LiveHost, "emit">): RoomEvents => ({
  created: (tx: Tx<Tables>, row: Row) => emit(tx, liveCreated, row.id, stateOf(row)),
  updated: (tx: Tx<Tables>, row: Row) => emit(tx, liveUpdated, row.id, stateOf(row)),
  started: (tx: Tx<Tables>, row: Row, startedAtMs: number) =>
    emit(tx, liveStarted, row.id, {
      ...stateOf(row),
      startedAtMs,
      notifiesFollowers: row.notifiesFollowers && row.isAnnounced,
    }),
  ended: (tx: Tx<Tables>, row: Row, endedAtMs: number) =>
    emit(tx, liveEnded, row.id, { ...stateOf(row), endedAtMs, durationMs: endedAtMs - (row.startedAtMs ?? endedAtMs) }),
  deleted: (tx: Tx<Tables>, { id, ownerId, version }: Row) =>
    emit(tx, liveDeleted, id, { liveId: id, ownerId, version: version + 1 }),
});

/** A room as other services know it. Pure. */
export const stateOf = ({
  id,
  ownerId,
  title,
  description,
  categoryId,
  status,
  visibility,
  version,
  isRemoved,
}: Row) => ({
  liveId: id,
  ownerId,
  title,
  description,
  categoryId,
  status,
  // Other services copy the visibility, and a room that a moderator removed must not be found.
  visibility: isRemoved ? ("private" as const) : visibility,
  version,
});
