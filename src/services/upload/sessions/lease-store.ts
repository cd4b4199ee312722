import type { Id, Tx } from "#kernel";
import { sql } from "kysely";
import type { Session } from "../contract.ts";
import type { Tables } from "../store.ts";
import { isLeased, sessionColumns } from "./session-store.ts";

export const lease = async (tx: Tx<Tables>, id: Id, writer: string, leaseMs: number): Promise<number> => {
  const { fence } = await tx
    .updateTable("upload.upload_sessions")
    .set((e) => ({ fence: e("fence", "+", 1), writer, is_wanted: false, writer_until: until(leaseMs) }))
    .where("id", "=", id)
    .returning("fence")
    .executeTakeFirstOrThrow();
  return fence;
};
const until = (leaseMs: number) => sql<Date>`clock_timestamp() + make_interval(secs => ${leaseMs / 1_000})`;

/** Renews a lease that is still this one; does nothing for another. */
export const renew = (tx: Tx<Tables>, id: Id, fence: number, leaseMs: number) =>
  tx
    .updateTable("upload.upload_sessions")
    .set({ writer_until: until(leaseMs) })
    .where("id", "=", id)
    .where("fence", "=", fence)
    .where("state", "=", "open")
    .where("writer", "is not", null)
    .execute();

/** Ends a lease, whatever became of the upload. */
export const letGo = (tx: Tx<Tables>, id: Id, fence: number) =>
  tx
    .updateTable("upload.upload_sessions")
    .set({ writer: null, writer_until: null })
    .where("id", "=", id)
    .where("fence", "=", fence)
    .execute();

interface Free {
  readonly id: Id;
  readonly userId: Id;
  readonly endpoint: Session["endpoint"];
  readonly writer: string;
  readonly leaseMs: number;
}
/** Leases an upload of known size that nobody holds, with the piece its bytes end in; undefined for any other. */
export async function leaseFree(tx: Tx<Tables>, { id, userId, endpoint, writer, leaseMs }: Free) {
  const row = await tx
    .updateTable("upload.upload_sessions")
    .set((e) => ({ fence: e("fence", "+", 1), writer, is_wanted: false, writer_until: until(leaseMs) }))
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .where("endpoint", "=", endpoint)
    .where("state", "=", "open")
    .where("size_bytes", "is not", null)
    .where("writer", "is", null)
    .returning([...sessionColumns, isLeased])
    .returning(
      sql<{ position: number; name: string; sizeBytes: number } | null>`(
        SELECT json_build_object('position', position, 'name', name, 'sizeBytes', size_bytes) FROM upload.upload_pieces
        WHERE session_id = upload_sessions.id ORDER BY position DESC LIMIT 1)`.as("last"),
    )
    .executeTakeFirst();
  return row;
}

interface Advance {
  readonly id: Id;
  readonly userId: Id;
  readonly fence: number;
  readonly pieces: readonly { readonly position: number; readonly name: string; readonly sizeBytes: number }[];
  /** The received bytes of the whole upload, these pieces included. */
  readonly receivedBytes: number;
  readonly leaseMs: number | "end";
  /** Until when it is kept from now on, where more of it has come. */
  readonly expiresAtMs: number;
}
/**
 * Counts pieces and renews or ends the lease, in one statement; returns whether another writer waits. Undefined
 * where the lease is another one by now, or where more has come than the upload is known to have.
 */
export async function advance(tx: Tx<Tables>, progress: Advance, isUnbounded = false): Promise<boolean | undefined> {
  const { id, userId, fence, pieces, receivedBytes, leaseMs, expiresAtMs } = progress;
  const names = pieces.map(({ name }) => name);
  const positions = pieces.map(({ position }) => position);
  const sizes = pieces.map(({ sizeBytes }) => sizeBytes);
  const { rows } = await sql<{ isWanted: boolean }>`
    WITH renewed AS (
      UPDATE upload.upload_sessions SET received_bytes = ${receivedBytes},
        expires_at_ms = CASE WHEN received_bytes < ${receivedBytes} THEN greatest(expires_at_ms, ${expiresAtMs})
          ELSE expires_at_ms END,
        writer = CASE WHEN ${leaseMs === "end"} THEN NULL ELSE writer END,
        writer_until = CASE WHEN ${leaseMs === "end"} THEN NULL ELSE ${until(leaseMs === "end" ? 0 : leaseMs)} END
      WHERE id = ${id} AND user_id = ${userId} AND fence = ${fence} AND state = 'open' AND writer IS NOT NULL
        AND received_bytes <= ${receivedBytes}
        AND (size_bytes >= ${receivedBytes} OR ${isUnbounded} OR received_bytes = ${receivedBytes})
      RETURNING id, is_wanted),
    counted AS (
      INSERT INTO upload.upload_pieces (session_id, position, name, size_bytes)
      SELECT renewed.id, piece.position, piece.name, piece.size_bytes
      FROM renewed, unnest(${positions}::integer[], ${names}::text[], ${sizes}::bigint[]) AS piece (position, name, size_bytes)
      ON CONFLICT (session_id, position) DO UPDATE SET name = excluded.name, size_bytes = excluded.size_bytes)
    SELECT is_wanted AS "isWanted" FROM renewed`.execute(tx);
  return rows[0]?.isWanted;
}

export const want = (tx: Tx<Tables>, id: Id) =>
  tx.updateTable("upload.upload_sessions").set({ is_wanted: true }).where("id", "=", id).execute();
