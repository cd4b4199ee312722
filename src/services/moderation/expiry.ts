import type { Host } from "#kernel";
import { publishDecision } from "./decision-notices.ts";
import * as store from "./store.ts";
import { createUserMeasures } from "./user-measures.ts";

/** Ends measures whose time is over; each user is notified when the last one of a kind ended. */
export async function endExpired({ db, emit, now }: Pick<Host<store.Tables>, "db" | "emit" | "now">): Promise<void> {
  const measures = createUserMeasures({ emit, now });
  for (const { userId, kind } of await store.expiredMeasures(db, now(), 1_000))
    await db.tx(async (tx) => {
      await store.lockUser(tx, userId);
      const lifted = await measures.lift(tx, userId, kind, { overMs: now() });
      const last = lifted.at(-1);
      if (!last || (await store.measureOf(tx, userId, kind))) return;
      await publishDecision({ emit, now }, tx, { id: last.caseId, authorId: userId }, "measure_ended", "");
    });
}
