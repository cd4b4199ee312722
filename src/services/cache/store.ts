import type { Id, Reader, Tx } from "#kernel";
import { clockMs } from "#kernel/db/tables";
import { type Generated, sql } from "kysely";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** One row from the first change on. */
  "cache.state": {
    id: Generated<boolean>;
    revision: number;
    generation: Generated<number>;
    forgotten_revision: Generated<number>;
  };
  /** Caches that are not as the program has them. */
  "cache.settings": { name: string; ttl_ms: number | null; stale_ms: number | null; generation: Generated<number> };
  "cache.deletions": { revision: number; keys: string[]; tags: string[] };
  /** Warm-ups under way, with how many entries each process looked up. */
  "cache.warmings": { job_id: Id; name: string; keys: string[]; counts: Generated<Record<string, number>> };
}
type Db = Reader<Tables>;

/** A process that was away for longer empties its caches. */
const deletionsKeptMs = 600_000;

/** The number of the next change. Its row is locked until the commit, so changes become visible in their order. */
export async function nextRevision(tx: Tx<Tables>): Promise<number> {
  const { rows } = await sql<{ revision: number }>`
    INSERT INTO cache.state AS state (revision) VALUES (${clockMs})
    ON CONFLICT (id) DO UPDATE SET revision = greatest(state.revision + 1, excluded.revision)
    RETURNING revision`.execute(tx);
  return rows[0]?.revision ?? 0;
}

export async function changeTimes(
  tx: Tx<Tables>,
  name: string,
  times: { readonly ttlMs?: number; readonly staleMs?: number },
): Promise<void> {
  const { ttlMs, staleMs } = times;
  const changes = {
    ...(ttlMs !== undefined && { ttl_ms: ttlMs }),
    ...(staleMs !== undefined && { stale_ms: staleMs }),
  };
  await tx
    .insertInto("cache.settings")
    .values({ name, ttl_ms: null, stale_ms: null, ...changes })
    .onConflict((c) => c.column("name").doUpdateSet({ name, ...changes }))
    .execute();
}

/** All entries of a cache are of an older generation from now on. */
export const beginGeneration = (tx: Tx<Tables>, name: string, generation: number) =>
  tx
    .insertInto("cache.settings")
    .values({ name, ttl_ms: null, stale_ms: null, generation })
    .onConflict((c) => c.column("name").doUpdateSet({ generation }))
    .execute();

/** As {@link beginGeneration}, of all caches. */
export const beginGenerationOfAll = (tx: Tx<Tables>, generation: number) =>
  tx.updateTable("cache.state").set({ generation }).execute();

/** Adds a deletion, and forgets those of an earlier time. */
export async function addDeletion(tx: Tx<Tables>, deletion: Tables["cache.deletions"]): Promise<void> {
  await tx.insertInto("cache.deletions").values(deletion).execute();
  await sql`
    WITH forgotten AS (
      DELETE FROM cache.deletions WHERE revision < ${deletion.revision} - ${deletionsKeptMs}::bigint RETURNING revision)
    UPDATE cache.state SET forgotten_revision = greatest(forgotten_revision, newest)
    FROM (SELECT max(revision) AS newest FROM forgotten) AS last WHERE newest IS NOT NULL`.execute(tx);
}

/** The lifetimes and generations of all caches, with the deletions after a revision. */
export interface Changes {
  readonly revision: number;
  readonly generation: number;
  readonly settings: { name: string; ttlMs: number | null; staleMs: number | null; generation: number }[];
  readonly deletions: Tables["cache.deletions"][] | undefined;
}
interface StateRow extends Changes {
  readonly forgottenRevision: number;
}

/** The state after the last change, in one statement; undefined before the first. */
async function stateAfter(db: Db, revision: number): Promise<StateRow | undefined> {
  const { rows } = await sql<StateRow>`
    SELECT revision, generation, forgotten_revision AS "forgottenRevision",
      (SELECT coalesce(json_agg(json_build_object(
         'name', name, 'ttlMs', ttl_ms, 'staleMs', stale_ms, 'generation', generation)), '[]') FROM cache.settings) AS settings,
      (SELECT coalesce(json_agg(json_build_object('revision', revision, 'keys', keys, 'tags', tags) ORDER BY revision), '[]')
         FROM cache.deletions WHERE revision > ${revision}) AS deletions
    FROM cache.state`.execute(db);
  return rows[0];
}

/** The changes after a revision; undefined where there are none. Without a revision, the state without deletions. */
export async function changesAfter(db: Db, revision: number | undefined): Promise<Changes | undefined> {
  const { rows } = await sql<{ revision: number }>`SELECT revision FROM cache.state`.execute(db);
  const current = rows[0]?.revision;
  if (current === undefined || (revision !== undefined && current <= revision)) return undefined;
  const row = await stateAfter(db, revision ?? current);
  if (!row) return undefined;
  const { forgottenRevision, ...state } = row;
  const isWhole = revision === undefined || revision >= forgottenRevision;
  return { ...state, deletions: isWhole ? row.deletions : undefined };
}

export const settings = (db: Db) =>
  db.selectFrom("cache.settings").select(["name", "ttl_ms as ttlMs", "stale_ms as staleMs", "generation"]).execute();

export interface Warming {
  readonly id: Id;
  readonly name: string;
  readonly keys: readonly string[];
}

/** `counts` has how many entries this process looked up already. */
export async function addWarming(
  tx: Tx<Tables>,
  { id, name, keys }: Warming,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  await sql`
    INSERT INTO cache.warmings (job_id, name, keys, counts)
    VALUES (${id}, ${name}, ${[...keys]}::text[], ${JSON.stringify(counts)}::jsonb)
    ON CONFLICT DO NOTHING`.execute(tx);
}

/** The warm-ups that a process has not answered. */
export async function warmingsFor(db: Db, process: string) {
  const { rows } = await sql<{ id: Id; name: string; keys: string[] }>`
    SELECT job_id AS id, name, keys FROM cache.warmings WHERE NOT counts ? ${process}`.execute(db);
  return rows;
}

export async function recordWarmed(tx: Tx<Tables>, id: Id, process: string, count: number): Promise<void> {
  await sql`
    UPDATE cache.warmings SET counts = counts || jsonb_build_object(${process}::text, ${count}::int)
    WHERE job_id = ${id}`.execute(tx);
}

export const warmingCounts = (db: Db, id: Id) =>
  db.selectFrom("cache.warmings").select("counts").where("job_id", "=", id).executeTakeFirst();

export const endWarming = (tx: Tx<Tables>, id: Id) =>
  tx.deleteFrom("cache.warmings").where("job_id", "=", id).execute();
