import type { Id, Reader, Tx } from "#kernel";
import { type Selectable, sql } from "kysely";
import type { Tables } from "../store.ts";

export type RunnerRow = Selectable<Tables["transcoder.runners"]>;
export type RegistrationRow = Selectable<Tables["transcoder.registrations"]>;
export type LentJob = Selectable<Tables["transcoder.lent_jobs"]>;
type Read = Reader<Tables>;
type Write = Tx<Tables>;

export const insertRegistration = (
  tx: Write,
  row: Pick<RegistrationRow, "id" | "label" | "token_hash" | "created_at_ms">,
) => tx.insertInto("transcoder.registrations").values(row).returningAll().executeTakeFirstOrThrow();

export const registrations = (db: Read): Promise<RegistrationRow[]> =>
  db.selectFrom("transcoder.registrations").selectAll().orderBy("id", "desc").limit(200).execute();

export const registration = (db: Read, id: Id): Promise<RegistrationRow | undefined> =>
  db.selectFrom("transcoder.registrations").selectAll().where("id", "=", id).executeTakeFirst();

/** Counts a runner that registers; false for a token that was revoked meanwhile. */
export async function useRegistration(tx: Write, id: Id, nowMs: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("transcoder.registrations")
    .set((e) => ({ runners: e("runners", "+", 1), used_at_ms: nowMs }))
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function removeRegistration(tx: Write, id: Id): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("transcoder.registrations")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

export const insertRunner = (
  tx: Write,
  row: Omit<RunnerRow, "is_enabled" | "jobs_done" | "jobs_failed">,
): Promise<unknown> => tx.insertInto("transcoder.runners").values(row).execute();

export const runners = (db: Read): Promise<RunnerRow[]> =>
  db.selectFrom("transcoder.runners").selectAll().orderBy("name").orderBy("id").limit(500).execute();

export const runner = (db: Read, id: Id): Promise<RunnerRow | undefined> =>
  db.selectFrom("transcoder.runners").selectAll().where("id", "=", id).executeTakeFirst();

export const switchRunner = (tx: Write, id: Id, isEnabled: boolean): Promise<RunnerRow | undefined> =>
  tx
    .updateTable("transcoder.runners")
    .set({ is_enabled: isEnabled })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();

export async function removeRunner(tx: Write, id: Id): Promise<boolean> {
  await tx.deleteFrom("transcoder.lent_jobs").where("runner_id", "=", id).execute();
  const { numDeletedRows } = await tx.deleteFrom("transcoder.runners").where("id", "=", id).executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

export const recordContact = (
  tx: Write,
  id: Id,
  { seen_at_ms, version, address }: Pick<RunnerRow, "seen_at_ms" | "version" | "address">,
): Promise<unknown> =>
  tx.updateTable("transcoder.runners").set({ seen_at_ms, version, address }).where("id", "=", id).execute();

export const countJob = (tx: Write, id: Id, column: "jobs_done" | "jobs_failed"): Promise<unknown> =>
  tx
    .updateTable("transcoder.runners")
    .set((e) => ({ [column]: e(column, "+", 1) }))
    .where("id", "=", id)
    .execute();

/** Records a claimed job; earlier claims of the same job are forgotten. */
export const lend = (
  tx: Write,
  row: Omit<LentJob, "output_keys" | "output_bytes" | "reports" | "progress">,
): Promise<unknown> =>
  tx
    .insertInto("transcoder.lent_jobs")
    .values(row)
    .onConflict((c) =>
      c.column("job_id").doUpdateSet({ ...row, output_keys: [], output_bytes: 0, reports: 0, progress: 0 }),
    )
    .execute();

export const lentJob = (db: Read, jobId: Id, fence: number): Promise<LentJob | undefined> =>
  db
    .selectFrom("transcoder.lent_jobs")
    .selectAll()
    .where((e) => e.and({ job_id: jobId, fence }))
    .executeTakeFirst();

/** The jobs whose runners sent a heartbeat since then. */
export const lentSince = (db: Read, sinceMs: number): Promise<LentJob[]> =>
  db
    .selectFrom("transcoder.lent_jobs")
    .selectAll()
    .where("renewed_at_ms", ">=", sinceMs)
    .orderBy("job_id")
    .limit(2_000)
    .execute();

export const recordProgress = (
  tx: Write,
  jobId: Id,
  fence: number,
  progress: number,
  nowMs: number,
): Promise<unknown> =>
  tx
    .updateTable("transcoder.lent_jobs")
    .set({ progress, renewed_at_ms: nowMs })
    .where((e) => e.and({ job_id: jobId, fence }))
    .execute();

/** Adds an output within the size that the job may have; a key that was added before is not counted again. */
export async function addOutput(
  tx: Write,
  jobId: Id,
  fence: number,
  { key, sizeBytes }: { readonly key: string; readonly sizeBytes: number },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE transcoder.lent_jobs
    SET output_keys = CASE WHEN ${key} = ANY(output_keys) THEN output_keys ELSE array_append(output_keys, ${key}) END,
        output_bytes = output_bytes + CASE WHEN ${key} = ANY(output_keys) THEN 0 ELSE ${sizeBytes}::bigint END
    WHERE job_id = ${jobId} AND fence = ${fence}
      AND (${key} = ANY(output_keys) OR output_bytes + ${sizeBytes}::bigint <= output_bytes_max)`.execute(tx);
  return numAffectedRows === 1n;
}

/** Counts a report; false unless it is the next one. */
export async function countReport(tx: Write, jobId: Id, fence: number, number: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("transcoder.lent_jobs")
    .set({ reports: number })
    .where((e) => e.and({ job_id: jobId, fence, reports: number - 1 }))
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export const forgetLent = (tx: Write, jobId: Id, fence: number): Promise<unknown> =>
  tx
    .deleteFrom("transcoder.lent_jobs")
    .where((e) => e.and({ job_id: jobId, fence }))
    .execute();

/** Forgets the jobs of runners that were silent since then. */
export const forgetLentBefore = (tx: Write, beforeMs: number): Promise<unknown> =>
  tx.deleteFrom("transcoder.lent_jobs").where("renewed_at_ms", "<", beforeMs).execute();
