import { sql } from "kysely";
import { createIdGenerator, tickOf } from "../ids/id.ts";
import type { Db } from "./port.ts";
import type { KernelTables } from "./tables.ts";

const everyMs = 2_000;
/** How far ahead ticks of 10 ms are taken: twice the interval. */
const marginTicks = (2 * everyMs) / 10;
const name = "id.tick";

/**
 * Ids that do not repeat after a restart, also under a clock that was set back: ticks are taken in the database before
 * ids are made of them, and a start goes on beyond all that were ever taken. However fast starts follow one another, each
 * takes its own.
 */
export async function keepIds(db: Db<KernelTables>, now: () => number, node: number): Promise<() => number> {
  const stored = await db.selectFrom("marks").select("value").where("name", "=", name).executeTakeFirst();
  const ids = createIdGenerator(now, node, stored ? stored.value + 1 : 0);
  let last = ids.highTick;
  const take = async () => {
    const value = Math.max(ids.highTick, tickOf(now())) + marginTicks;
    await db
      .insertInto("marks")
      .values({ name, value })
      .onConflict((c) => c.column("name").doUpdateSet({ value: sql<number>`greatest(marks.value, excluded.value)` }))
      .execute();
  };
  await take();
  const goOn = async () => {
    if (ids.highTick === last) return;
    const reached = ids.highTick;
    await take();
    last = reached;
  };
  // Failing to take more costs at most the margin; the next turn tries again.
  const timer = setInterval(() => void goOn().catch(() => undefined), everyMs);
  timer.unref();
  return ids.next;
}
