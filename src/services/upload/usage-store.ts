import { sql } from "kysely";
import type { Reader } from "#kernel";
import type { Tables } from "./store.ts";

interface Usage {
  readonly kind: Tables["upload.files"]["kind"];
  readonly bytes: number;
  readonly recentBytes: number;
}

/** The bytes of stored content by the kind of its first file, each content once; `recentBytes` of those since an instant. */
export async function usage(db: Reader<Tables>, sinceMs: number): Promise<Usage[]> {
  const { rows } = await sql<Usage>`
    SELECT kind, sum(size_bytes)::bigint AS bytes,
           coalesce(sum(size_bytes) FILTER (WHERE created_at_ms >= ${sinceMs}), 0)::bigint AS "recentBytes"
    FROM (SELECT DISTINCT ON (key) kind, size_bytes, created_at_ms FROM upload.files ORDER BY key, id) AS contents
    GROUP BY kind ORDER BY kind`.execute(db);
  return rows;
}
