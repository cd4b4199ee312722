import type { Tx } from "#kernel";
import type { Tables } from "./store.ts";

/** Once its day is over nobody needs it, and whoever had it could look for the addresses of that day. */
export const forgetSalt = (tx: Tx<Tables>, day: number) =>
  tx.deleteFrom("auth.source_salt as source_salt").where("day", "<", day).execute();

/**
 * The salt of this day: `fresh` where there is none yet. Of several who come first one makes it, and that of the day before
 * is overwritten by it. What another process, whose clock is a little ahead, made for tomorrow is taken as it is; what lies
 * further ahead was made by a clock that was wrong, and would last until then.
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
