import type { Id, Tx } from "#kernel";
import type { RefusalReason } from "../../contract.ts";
import type { Db, Tables } from "../../store.ts";

/** Why a publisher was refused or stopped. */
export interface Refusal {
  readonly atMs: number;
  readonly reason: RefusalReason;
  /** For the publisher's user. */
  readonly sentence: string;
}

/** Stores a refusal of a room, which may have been deleted since. */
export async function writeRefusal(tx: Tx<Tables>, liveId: Id, { atMs, reason, sentence }: Refusal): Promise<void> {
  const values = { at_ms: atMs, reason, sentence };
  await tx
    .insertInto("live.ingest_refusals")
    .columns(["live_id", "at_ms", "reason", "sentence"])
    .expression((query) =>
      query
        .selectFrom("live.live_streams")
        .select((column) => [
          "id as live_id",
          column.val(atMs).as("at_ms"),
          column.val(reason).as("reason"),
          column.val(sentence).as("sentence"),
        ])
        .where("id", "=", liveId),
    )
    .onConflict((conflict) => conflict.column("live_id").doUpdateSet(values))
    .execute();
}

export const lastRefusal = (db: Db, liveId: Id): Promise<Refusal | undefined> =>
  db
    .selectFrom("live.ingest_refusals")
    .select(["at_ms as atMs", "reason", "sentence"])
    .where("live_id", "=", liveId)
    .executeTakeFirst();

/** The room that had this key before. */
export const roomOfFormerKey = (db: Db, keyHash: Buffer): Promise<{ liveId: Id } | undefined> =>
  db
    .selectFrom("live.former_stream_keys")
    .select("live_id as liveId")
    .where("key_hash", "=", keyHash)
    .executeTakeFirst();
