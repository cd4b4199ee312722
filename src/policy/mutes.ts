import { sql } from "kysely";
import { z } from "zod";
import { query } from "#kernel/contract";
import { Id, Instant } from "#kernel/fields";
import type { Reader, Tx } from "#kernel/db/port";
import { kernel, schemaOf } from "#kernel/db/tables";

/** Users who may not post for a while, in a service that asks nobody about them. */
export const mutedTable = (schema: string) => `CREATE TABLE ${schemaOf(schema)}.muted (
     user_id  BIGINT NOT NULL,
     kind     TEXT   NOT NULL CHECK (kind IN ('mute', 'bar')),
     until_ms BIGINT,
     reason   TEXT   NOT NULL,
     PRIMARY KEY (user_id, kind)
   )`;

/** Of a service that asks nobody who may say nothing: its table `muted` is a copy, kept by events, of who is not gone. */
type SilenceKind = "mute" | "bar";

export const silence = <T>(
  tx: Tx<T>,
  kind: SilenceKind,
  { userId, untilMs, reason }: { readonly userId: Id; readonly untilMs: number | null; readonly reason: string },
) =>
  sql`INSERT INTO ${kernel.muted} (user_id, kind, until_ms, reason)
      SELECT ${userId}::bigint, ${kind}, ${untilMs}::bigint, ${reason} WHERE NOT ${kernel.isDeletedUser}(${userId})
      ON CONFLICT (user_id, kind) DO UPDATE SET until_ms = excluded.until_ms, reason = excluded.reason`.execute(tx);
export const unsilence = <T>(tx: Tx<T>, kind: SilenceKind, userId: Id) =>
  sql`DELETE FROM ${kernel.muted} WHERE user_id = ${userId} AND kind = ${kind}`.execute(tx);
export const forgetSilenced = <T>(tx: Tx<T>, userId: Id) =>
  sql`DELETE FROM ${kernel.muted} WHERE user_id = ${userId}`.execute(tx);

/** Why somebody may say nothing right now. */
export async function silenceOf<T>(db: Reader<T>, userId: Id, nowMs: number) {
  const { rows } = await sql<{ untilMs: number | null; reason: string }>`
    SELECT until_ms AS "untilMs", reason FROM ${kernel.muted}
    WHERE user_id = ${userId} AND (until_ms IS NULL OR until_ms > ${nowMs}) ORDER BY kind LIMIT 1`.execute(db);
  return rows[0];
}

/** The copy, for whoever decides who is silenced to compare: of so many people after this one, all there is. */
export const silencedQuery = query({
  auth: "service",
  input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(1_000) }),
  output: z.object({
    items: z.array(
      z.object({ userId: Id, kind: z.enum(["mute", "bar"]), untilMs: Instant.nullable(), reason: z.string() }),
    ),
  }),
});
export async function silencedAfter<T>(
  db: Reader<T>,
  { after, limit }: { readonly after: number; readonly limit: number },
) {
  const { rows } = await sql<{ userId: Id; kind: SilenceKind; untilMs: number | null; reason: string }>`
    SELECT user_id AS "userId", kind, until_ms AS "untilMs", reason FROM ${kernel.muted}
    WHERE user_id IN (SELECT DISTINCT user_id FROM ${kernel.muted} WHERE user_id > ${after} ORDER BY user_id LIMIT ${limit})
    ORDER BY user_id, kind`.execute(db);
  return { items: rows };
}
