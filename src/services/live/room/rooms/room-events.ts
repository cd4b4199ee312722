import { liveCreated, liveDeleted, liveEnded, liveStarted, liveUpdated } from "#events/live";
import type { Tx } from "#kernel";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import type { Row } from "./room-store.ts";

/** Publishes what happened to a room, in the transaction of the change. */
export const roomEvents = ({ emit }: Pick<LiveHost, "emit">) => ({
  created: (tx: Tx<Tables>, row: Row) => emit(tx, liveCreated, row.id, stateOf(row)),
  updated: (tx: Tx<Tables>, row: Row) => emit(tx, liveUpdated, row.id, stateOf(row)),
  /** Followers are notified of a room once it has a stream. */
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
export type RoomEvents = ReturnType<typeof roomEvents>;

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
  // Others copy who may find it, and nobody finds what a moderator removed.
  visibility: isRemoved ? ("private" as const) : visibility,
  version,
});
