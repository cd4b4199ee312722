import type { Id, Reader, Tx } from "#kernel";
import type { SpaceRelease } from "./contract.ts";
import type { Tables } from "./store.ts";

const columns = [
  "id",
  "status",
  "objects",
  "bytes",
  "reason",
  "created_at_ms as createdAtMs",
  "ended_at_ms as endedAtMs",
] as const;

export const latest = (db: Reader<Tables>): Promise<SpaceRelease | undefined> =>
  db.selectFrom("transfer.space_releases").select(columns).orderBy("id", "desc").limit(1).executeTakeFirst();

/** Begins a release; yields false where one is running. */
export async function insert(tx: Tx<Tables>, id: Id, nowMs: number): Promise<boolean> {
  const added = await tx
    .insertInto("transfer.space_releases")
    .values({ id, created_at_ms: nowMs })
    .onConflict((c) => c.column("status").where("status", "=", "running").doNothing())
    .returning("id")
    .executeTakeFirst();
  return added !== undefined;
}

export const running = (db: Reader<Tables>): Promise<SpaceRelease> =>
  db.selectFrom("transfer.space_releases").select(columns).where("status", "=", "running").executeTakeFirstOrThrow();

export const add = (tx: Tx<Tables>, id: Id, objects: number, bytes: number) =>
  tx
    .updateTable("transfer.space_releases")
    .set((e) => ({ objects: e("objects", "+", objects), bytes: e("bytes", "+", bytes) }))
    .where("id", "=", id)
    .execute();

export const end = (
  tx: Tx<Tables>,
  id: Id,
  status: Exclude<SpaceRelease["status"], "running">,
  nowMs: number,
  reason: string | null = null,
) =>
  tx.updateTable("transfer.space_releases").set({ status, reason, ended_at_ms: nowMs }).where("id", "=", id).execute();

export const deleteEndedBefore = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("transfer.space_releases").where("ended_at_ms", "<", beforeMs).execute();
