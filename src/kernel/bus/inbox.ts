import { sql } from "kysely";
import type { Tx } from "../db/transaction.ts";
import type { Db } from "../db/port.ts";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";
import type { Subscription } from "./subscription.ts";
import { type Delivery, payloadOf } from "./port.ts";

/** How long a received event is remembered; a redelivery later than this would count twice. */
const rememberedMs = 7 * 24 * 3_600_000;

/**
 * Notes events that were not received before, and returns them. `isHeld` says that an earlier event of the same source and
 * key is pending, so that this one has to wait for it.
 */
export async function recordReceived(
  tx: Tx<KernelTables>,
  events: readonly Delivery[],
): Promise<{ event: Delivery; isHeld: boolean }[]> {
  const ids = events.map(({ eventId }) => eventId);
  const sources = events.map(({ source }) => source);
  const keys = events.map(({ key }) => key);
  // Every process inserts in one order: two processes that receive the same events must not wait for each other.
  const { rows } = await sql<{ id: string; isHeld: boolean }>`
    WITH received AS MATERIALIZED (
      SELECT id, source, key FROM unnest(${ids}::text[], ${sources}::text[], ${keys}::bigint[]) AS event (id, source, key)
    ), inserted AS (
      INSERT INTO ${kernel.inbox} (event_id) SELECT id FROM received ORDER BY id ON CONFLICT DO NOTHING RETURNING event_id
    )
    SELECT id, EXISTS (
      SELECT FROM ${kernel.pendingEvents} AS pending WHERE pending.source = received.source AND pending.key = received.key
    ) AS "isHeld" FROM received JOIN inserted ON inserted.event_id = received.id`.execute(tx);
  const heldById = new Map(rows.map(({ id, isHeld }) => [id, isHeld]));
  return events.flatMap((event) => {
    const isHeld = heldById.get(event.eventId);
    // A batch may contain an event twice.
    heldById.delete(event.eventId);
    return isHeld === undefined ? [] : [{ event, isHeld }];
  });
}

/** Calls the handlers of events, in their order; neighbours of one type come together. */
export async function applyEvents<Tables>(
  tx: Tx<Tables>,
  subscriptions: readonly Subscription<Tables>[],
  events: readonly Delivery[],
): Promise<void> {
  for (const run of runsOf(events)) {
    const [{ type }] = run;
    for (const subscription of subscriptions.filter((candidate) => candidate.type.name === type))
      await subscription.handle(
        tx,
        run.map((event) => ({ payload: payloadOf(subscription.type, event), traceId: event.traceId })),
      );
  }
}

/** Neighbours of one type together; the order stays. Pure. */
function runsOf(events: readonly Delivery[]): [Delivery, ...Delivery[]][] {
  const runs: [Delivery, ...Delivery[]][] = [];
  for (const event of events) {
    const last = runs.at(-1);
    if (last?.[0].type === event.type) last.push(event);
    else runs.push([event]);
  }
  return runs;
}

export async function forgetReceived(db: Db<KernelTables>): Promise<void> {
  await sql`DELETE FROM ${kernel.inbox} WHERE received_at_ms < ${clockMs} - ${rememberedMs}::bigint`.execute(db);
}
