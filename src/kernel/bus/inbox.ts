import { sql } from "kysely";
import type { Db, Tx } from "../db/port.ts";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";
import type { Subscription } from "../plugin.ts";
import { type Delivery, payloadOf } from "./port.ts";

/** How long a heard event is remembered; a redelivery later than this would count twice. */
const rememberedMs = 7 * 24 * 3_600_000;

/**
 * One service hears events once each: their inbox rows and everything they cause are one transaction (reliability D3).
 * Those that were heard before are passed over.
 */
export async function hear<Tables>(
  tx: Tx<Tables>,
  subscriptions: readonly Subscription<Tables>[],
  events: readonly Delivery[],
): Promise<void> {
  const fresh = await note(tx as unknown as Tx<KernelTables>, events); // Every service's database has the kernel's tables.
  for (const run of runsOf(fresh)) {
    const [{ type }] = run;
    for (const s of subscriptions.filter((one) => one.type.name === type)) {
      const heard = run.map((event) => ({ payload: payloadOf(s.type, event), traceId: event.traceId }));
      await s.handle(tx, heard);
    }
  }
}

/** Yields those that were not noted before, each once. */
async function note(tx: Tx<KernelTables>, events: readonly Delivery[]): Promise<Delivery[]> {
  // In one order for everybody: two that hear the same events again must not wait for each other.
  const ids = events.map(({ eventId }) => eventId).toSorted();
  const { rows } = await sql<{ id: string }>`
    INSERT INTO ${kernel.inbox} (event_id) SELECT unnest(${ids}::text[])
    ON CONFLICT DO NOTHING RETURNING event_id AS id`.execute(tx);
  const noted = new Set(rows.map(({ id }) => id));
  return events.filter(({ eventId }) => noted.delete(eventId));
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

export async function forgetHeard(db: Db<KernelTables>): Promise<void> {
  await sql`DELETE FROM ${kernel.inbox} WHERE heard_at_ms < ${clockMs} - ${rememberedMs}::bigint`.execute(db);
}
