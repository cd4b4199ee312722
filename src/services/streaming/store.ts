import type { Id, Tx } from "#kernel";
import { sql } from "kysely";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** A viewer is a session, or a client network where nobody is signed in. */
  "streaming.viewings": { content_id: Id; viewer: string; id: Id; started_at_ms: number; seen_at_ms: number };
}

interface NewViewing {
  readonly id: Id;
  readonly contentId: Id;
  readonly viewer: string;
}
export interface EndedViewing {
  readonly id: Id;
  readonly contentId: Id;
  readonly startedAtMs: number;
  readonly seenAtMs: number;
}

/** Stores that these viewers were there now; yields the ids that began a viewing. */
export async function see(
  tx: Tx<Tables>,
  viewings: readonly NewViewing[],
  nowMs: number,
  freshMs: number,
): Promise<Set<Id>> {
  const { rows } = await sql<{ id: Id }>`
    INSERT INTO streaming.viewings AS stored (content_id, viewer, id, started_at_ms, seen_at_ms)
    SELECT content_id, viewer, id, ${nowMs}::bigint, ${nowMs}::bigint
    FROM unnest(${viewings.map(({ contentId }) => contentId)}::bigint[], ${viewings.map(({ viewer }) => viewer)}::text[],
                ${viewings.map(({ id }) => id)}::bigint[]) AS sighting (content_id, viewer, id)
    ORDER BY content_id, viewer
    ON CONFLICT (content_id, viewer) DO UPDATE SET seen_at_ms = excluded.seen_at_ms
      WHERE stored.seen_at_ms < excluded.seen_at_ms - ${freshMs}::bigint
    RETURNING id`.execute(tx);
  const newIds = new Set(viewings.map(({ id }) => id));
  // A viewing that goes on keeps its own id.
  return new Set(rows.flatMap(({ id }) => (newIds.has(id) ? [id] : [])));
}

/** Deletes viewings whose viewers were not seen since, and yields them. */
export async function endIdle(tx: Tx<Tables>, beforeMs: number, limit: number): Promise<EndedViewing[]> {
  const { rows } = await sql<EndedViewing>`
    DELETE FROM streaming.viewings AS viewing USING (
      SELECT content_id, viewer FROM streaming.viewings WHERE seen_at_ms < ${beforeMs}::bigint
      ORDER BY seen_at_ms LIMIT ${limit}::int FOR UPDATE SKIP LOCKED) AS idle
    WHERE viewing.content_id = idle.content_id AND viewing.viewer = idle.viewer
    RETURNING id, viewing.content_id AS "contentId", started_at_ms AS "startedAtMs", seen_at_ms AS "seenAtMs"`.execute(
    tx,
  );
  return rows;
}
