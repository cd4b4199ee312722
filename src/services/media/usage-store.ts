import type { Reader } from "#kernel";
import { sql } from "kysely";
import type { Tables } from "./store.ts";

/** The bytes of all renditions, and since when the oldest transcoding waits; null where none does. */
export async function usage(db: Reader<Tables>) {
  const { bytes } = await db
    .selectFrom("media.renditions as renditions")
    .select((e) => sql<number>`coalesce(${e.fn.sum("size_bytes")}, 0)::bigint`.as("bytes"))
    .executeTakeFirstOrThrow();
  const { waitsSinceMs } = await db
    .selectFrom("media.transcode_tasks as tasks")
    .select((e) => e.fn.min("created_at_ms").as("waitsSinceMs"))
    .where("status", "=", sql.lit("queued"))
    .executeTakeFirstOrThrow();
  return { renditionBytes: bytes, waitsSinceMs };
}
