import { sql } from "kysely";
import type { Id } from "../contract.ts";
import type { Reader, Tx } from "./port.ts";

/** Of a service that asks nobody who may say nothing: its table `silenced` is a copy, kept by events. */
type SilenceKind = "mute" | "bar";

export const silence = <T>(
  tx: Tx<T>,
  kind: SilenceKind,
  { userId, untilMs, reason }: { readonly userId: Id; readonly untilMs: number | null; readonly reason: string },
) =>
  sql`INSERT INTO silenced (user_id, kind, until_ms, reason) VALUES (${userId}, ${kind}, ${untilMs}, ${reason})
      ON CONFLICT (user_id, kind) DO UPDATE SET until_ms = excluded.until_ms, reason = excluded.reason`.execute(tx);
export const unsilence = <T>(tx: Tx<T>, kind: SilenceKind, userId: Id) =>
  sql`DELETE FROM silenced WHERE user_id = ${userId} AND kind = ${kind}`.execute(tx);
export const forgetSilenced = <T>(tx: Tx<T>, userId: Id) =>
  sql`DELETE FROM silenced WHERE user_id = ${userId}`.execute(tx);

/** Why somebody may say nothing right now. */
export async function silenceOf<T>(db: Reader<T>, userId: Id, nowMs: number) {
  const { rows } = await sql<{ untilMs: number | null; reason: string }>`
    SELECT until_ms AS "untilMs", reason FROM silenced
    WHERE user_id = ${userId} AND (until_ms IS NULL OR until_ms > ${nowMs}) ORDER BY kind LIMIT 1`.execute(db);
  return rows[0];
}
