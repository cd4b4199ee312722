import type { Id, Reader } from "#kernel";
import type { Count } from "#kernel/db/counts";
import { sql } from "kysely";
import type { Tables } from "./store.ts";

type Db = Reader<Tables>;

export const counts: readonly Count[] = [
  {
    says: (userId?: Id) => `entries of user ${userId}`,
    table: "drive.drives",
    key: ["user_id"],
    column: "entry_count",
    rows: sql`SELECT user_id, 1 AS value FROM drive.user_files`,
    isMade: true,
  },
];

const shownMax = 1_000;
/** Contradictions in these tables, each as a sentence. */
export async function contradictions(db: Db): Promise<string[]> {
  const { rows: wrong } = await sql<{ text: string }>`
    WITH RECURSIVE deleted AS (
      SELECT user_id FROM drive.drives WHERE is_closed
      UNION SELECT (payload::jsonb ->> 'userId')::bigint FROM drive.jobs WHERE kind = 'settle' AND state IN ('queued', 'running')),
    reached AS (
      SELECT user_id, id FROM drive.user_files WHERE parent_id = 0 AND trash_id IS NULL
      UNION ALL
      SELECT f.user_id, f.id FROM drive.user_files f JOIN reached r ON f.user_id = r.user_id AND f.parent_id = r.id
      WHERE f.trash_id IS NULL)
    SELECT 'entry ' || f.id || ' cannot be reached from the root' AS text
    FROM drive.user_files f WHERE f.trash_id IS NULL AND f.user_id NOT IN (SELECT user_id FROM deleted) AND NOT EXISTS (
      SELECT FROM reached r WHERE r.user_id = f.user_id AND r.id = f.id)
    UNION ALL
    SELECT 'entry ' || f.id || ' lies in ' || f.parent_id || ', which is no folder of its owner'
    FROM drive.user_files f LEFT JOIN drive.user_files p ON p.user_id = f.user_id AND p.id = f.parent_id
    WHERE f.trash_id IS NULL AND f.parent_id <> 0 AND f.user_id NOT IN (SELECT user_id FROM deleted) AND (p.id IS NULL OR p.rank <> 0 OR p.trash_id IS NOT NULL)
    UNION ALL
    SELECT 'entry ' || f.id || ' went into the trash with ' || f.trash_id || ', which is not there'
    FROM drive.user_files f LEFT JOIN drive.user_files p ON p.user_id = f.user_id AND p.id = f.trash_id AND p.trash_id = p.id
    WHERE f.trash_id IS NOT NULL AND p.id IS NULL AND f.user_id NOT IN (SELECT user_id FROM deleted)
    UNION ALL
    SELECT 'link ' || s.id || ' leads to ' || s.entry_id || ', which is not there'
    FROM drive.shares s LEFT JOIN drive.user_files f ON f.user_id = s.user_id AND f.id = s.entry_id WHERE f.id IS NULL
    UNION ALL
    SELECT 'file ' || f.file_id || ' was let go of and is still entry ' || f.id
    FROM drive.user_files f JOIN drive.released_files r ON r.file_id = f.file_id
    LIMIT ${shownMax}`.execute(db);
  return wrong.map(({ text }) => text);
}
