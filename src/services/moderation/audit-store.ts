import { type Id, type PageInput, pageOf, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "./store.ts";

export const insert = (tx: Tx<Tables>, row: Tables["moderation.audit"]) =>
  tx.insertInto("moderation.audit").values(row).execute();

export interface AuditFilter {
  readonly act?: string | undefined;
  readonly area?: string | undefined;
  readonly actorId?: Id | undefined;
  readonly subjectId?: Id | undefined;
  readonly sinceMs?: number | undefined;
  readonly beforeMs?: number | undefined;
}

export function entries(db: Db, { act, area, actorId, subjectId, sinceMs, beforeMs }: AuditFilter, page: PageInput) {
  const rows = db
    .selectFrom("moderation.audit")
    .select([
      "id",
      "act",
      "actor_id as actorId",
      "subject_kind as subjectKind",
      "subject_id as subjectId",
      "detail",
      "at_ms as atMs",
    ])
    .$if(act !== undefined, (q) => q.where("act", "=", act ?? ""))
    // As the index has it.
    .$if(area !== undefined, (q) => q.where(sql`split_part(act, '.', 1)`, "=", area ?? ""))
    .$if(actorId !== undefined, (q) => q.where("actor_id", "=", actorId ?? 0))
    .$if(subjectId !== undefined, (q) => q.where("subject_id", "=", subjectId ?? 0))
    .$if(sinceMs !== undefined, (q) => q.where("at_ms", ">=", sinceMs ?? 0))
    .$if(beforeMs !== undefined, (q) => q.where("at_ms", "<", beforeMs ?? 0));
  return pageOf(db, rows, { at_ms: "atMs", id: "id" }, page);
}
