import { anyOf, type Id, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../../store.ts";

/*
 * A guest's stream is a row among the rooms with a `parent_id`: nobody's visibility finds it, and it is deleted when its
 * guest is one no longer. `waiting` is an invitation.
 */
const columns = ["id", "parent_id as roomId", "owner_id as userId", "status", "created_at_ms as invitedAtMs"] as const;
const isGuest = sql<boolean>`parent_id IS NOT NULL`;

export interface Guest {
  /** The number of the stream. */
  readonly id: Id;
  readonly roomId: Id;
  readonly userId: Id;
  readonly status: "waiting" | "live" | "paused";
  readonly invitedAtMs: number;
}
/**
 * A guest's row, as the queries of this file read it: a row with a parent, which never has the status of an ended room.
 */
const asGuest = (row: object): Guest => row as Guest; // By the constraint `live_streams_guest`.

export async function guestById(db: Db, id: Id): Promise<Guest | undefined> {
  const row = await db
    .selectFrom("live.live_streams")
    .select(columns)
    .where("id", "=", id)
    .where(isGuest)
    .executeTakeFirst();
  return row && asGuest(row);
}

/** Guests of the given rooms, in the order of their invitations. */
export async function guestsIn(db: Db, roomIds: readonly Id[]): Promise<Guest[]> {
  const rows = await db
    .selectFrom("live.live_streams")
    .select(columns)
    .where("parent_id", "=", anyOf(roomIds))
    .orderBy("id")
    .execute();
  return rows.map(asGuest);
}

/** True if a user is the owner or a guest of a room, which may be named by the stream of a guest. */
export async function isOnStage(db: Db, id: Id, userId: Id): Promise<boolean> {
  const row = await db
    .selectFrom("live.live_streams as named")
    .innerJoin("live.live_streams as streams", (join) =>
      join.on(
        sql<boolean>`coalesce(named.parent_id, named.id) IN (streams.id, streams.parent_id) AND streams.owner_id = ${userId}`,
      ),
    )
    .select("streams.id")
    .where("named.id", "=", id)
    .executeTakeFirst();
  return row !== undefined;
}

interface Invitation {
  readonly id: Id;
  readonly roomId: Id;
  readonly userId: Id;
  /** The hash of a key that nobody has. */
  readonly keyHash: Buffer;
  readonly nowMs: number;
}

export async function invite(tx: Tx<Tables>, { id, roomId, userId, keyHash, nowMs }: Invitation): Promise<Guest> {
  await tx
    .insertInto("live.live_streams")
    .values({
      id,
      parent_id: roomId,
      owner_id: userId,
      title: "",
      description: "",
      cover_url: "",
      category_id: null,
      visibility: "private",
      password_hash: null,
      status: "waiting",
      key_hash: keyHash,
      key_hint: "",
      keeps_recording: false,
      notifies_followers: false,
      scheduled_at_ms: null,
      started_at_ms: null,
      ended_at_ms: null,
      created_at_ms: nowMs,
    })
    .execute();
  return { id, roomId, userId, status: "waiting", invitedAtMs: nowMs };
}

/** Marks a guest as sending or as lost; undefined where it changes nothing. */
export async function setPaused(tx: Tx<Tables>, id: Id, isPaused: boolean): Promise<Guest | undefined> {
  const row = await tx
    .updateTable("live.live_streams")
    .set({ status: isPaused ? "paused" : "live" })
    .where("id", "=", id)
    .where(isGuest)
    .where("status", "in", isPaused ? ["live"] : ["waiting", "paused"])
    .returning(columns)
    .executeTakeFirst();
  return row && asGuest(row);
}

export async function removeById(tx: Tx<Tables>, id: Id): Promise<Guest | undefined> {
  const row = await tx
    .deleteFrom("live.live_streams")
    .where("id", "=", id)
    .where(isGuest)
    .returning(columns)
    .executeTakeFirst();
  return row && asGuest(row);
}

export async function removeFrom(tx: Tx<Tables>, roomId: Id, userId: Id): Promise<Guest | undefined> {
  const row = await tx
    .deleteFrom("live.live_streams")
    .where("parent_id", "=", roomId)
    .where("owner_id", "=", userId)
    .returning(columns)
    .executeTakeFirst();
  return row && asGuest(row);
}

/** A room is over: it has no guests. */
export async function removeAllFrom(tx: Tx<Tables>, roomId: Id): Promise<void> {
  await tx.deleteFrom("live.live_streams").where("parent_id", "=", roomId).execute();
}

/** In the transaction that deletes an account: it is nobody's guest. */
export async function forgetGuest(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx.deleteFrom("live.live_streams").where("owner_id", "=", userId).where(isGuest).execute();
}
