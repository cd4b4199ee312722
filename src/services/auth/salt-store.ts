import type { Tx } from "#kernel";
import type { Tables } from "./store.ts";

/** A salt is deleted when its day is over: it would let its holder search for the addresses of that day. */
export const forgetSalt = (tx: Tx<Tables>, day: number) =>
  tx.deleteFrom("auth.source_salt as source_salt").where("day", "<", day).execute();

/**
 * The salt of this day: `fresh` where there is none yet, which overwrites that of the day before. Concurrent first callers
 * share one. A salt that another process with a clock slightly ahead made for tomorrow is used as it is; one that lies
 * further ahead came from a wrong clock and is replaced.
 */
export async function saltOf(
  tx: Tx<Tables>,
  day: number,
  fresh: string,
): Promise<{ readonly day: number; readonly salt: string }> {
  await tx
    .insertInto("auth.source_salt")
    .values({ day, salt: fresh })
    .onConflict((c) =>
      c
        .column("id")
        .doUpdateSet({ day, salt: fresh })
        .where((e) => e.or([e("auth.source_salt.day", "<", day), e("auth.source_salt.day", ">", day + 1)])),
    )
    .execute();
  return tx.selectFrom("auth.source_salt as source_salt").select(["day", "salt"]).executeTakeFirstOrThrow();
}
