import { idGenerator } from "../id.ts";
import type { Db } from "./port.ts";
import type { KernelTables } from "./tables.ts";

const everyMs = 5_000;
/** How far ids may have gone beyond what was last stored: twice the interval, in ticks of 10 ms. */
const marginTicks = (2 * everyMs) / 10;
const name = "id.tick";

/** Ids that do not repeat after a restart under a clock that was set back: how far they had come is stored every 5 s. */
export async function keepIds(db: Db<KernelTables>, now: () => number, node: number): Promise<() => number> {
  const stored = await db.selectFrom("marks").select("value").where("name", "=", name).executeTakeFirst();
  const ids = idGenerator(now, node, stored ? stored.value + marginTicks : 0);
  let last = ids.highTick;
  const store = async () => {
    if (ids.highTick === last) return;
    const value = ids.highTick;
    await db
      .insertInto("marks")
      .values({ name, value })
      .onConflict((c) => c.column("name").doUpdateSet({ value }))
      .execute();
    last = value;
  };
  // Failing to note it costs at most the margin; the next turn tries again.
  const timer = setInterval(() => void store().catch(() => undefined), everyMs);
  timer.unref();
  return ids.next;
}
