import { sql } from "kysely";
import type { Db, Tx } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import type { Failpoints } from "../failpoint.ts";
import type { Subscription } from "../plugin.ts";
import { type Delivery, payloadOf } from "./port.ts";

/** How long a heard event is remembered; a redelivery later than this would count twice. */
const rememberedMs = 7 * 24 * 3_600_000;

/** One service hears one event once: the inbox row and everything the event causes are one transaction (reliability D3). */
export async function hear<Tables>(
  db: Db<Tables>,
  subscriptions: readonly Subscription<Tables>[],
  event: Delivery,
  failpoints: Failpoints,
): Promise<void> {
  const interested = subscriptions.filter((s) => s.type.name === event.type);
  if (interested.length === 0) return;
  await db.tx(async (tx) => {
    // Every service's database has the kernel's tables beside its own.
    const { numInsertedOrUpdatedRows: first } = await (tx as unknown as Tx<KernelTables>)
      .insertInto("inbox")
      .values({ event_id: event.eventId })
      .onConflict((c) => c.doNothing())
      .executeTakeFirstOrThrow();
    if (first === 0n) return;
    for (const s of interested) await s.handle(tx, payloadOf(s.type, event));
    await failpoints.hit("inbox.before_commit");
  });
  await failpoints.hit("inbox.after_commit");
}

export async function forgetHeard(db: Db<KernelTables>): Promise<void> {
  await sql`DELETE FROM inbox WHERE heard_at_ms < now_ms() - ${rememberedMs}::bigint`.execute(db);
}
