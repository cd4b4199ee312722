import type { Tx, Id } from "#kernel";
import type { Tables } from "../../store.ts";

/** In the transaction that replaces the key, before it does. */
export async function keepFormerKey(tx: Tx<Tables>, liveId: Id): Promise<void> {
  await tx
    .insertInto("live.former_stream_keys")
    .columns(["key_hash", "live_id"])
    .expression((query) =>
      query.selectFrom("live.live_streams").select(["key_hash", "id as live_id"]).where("id", "=", liveId),
    )
    .execute();
}
