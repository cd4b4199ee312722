import { type Id, type PageInput, pageOf, type Tx } from "#kernel";
import type { Db, Tables } from "../store.ts";

const columns = [
  "notes.id",
  "notes.case_id as caseId",
  "notes.author_id as authorId",
  "notes.text",
  "notes.created_at_ms as createdAtMs",
] as const;

export const notesOf = (db: Db, caseId: Id, page: PageInput) =>
  pageOf(
    db,
    db.selectFrom("moderation.case_notes as notes").select(columns).where("notes.case_id", "=", caseId),
    { "notes.id": "id" },
    page,
  );

export async function countOf(db: Db, caseId: Id): Promise<number> {
  const { count } = await db
    .selectFrom("moderation.case_notes as notes")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("case_id", "=", caseId)
    .executeTakeFirstOrThrow();
  return count;
}

export const insert = (tx: Tx<Tables>, row: Tables["moderation.case_notes"]) =>
  tx.insertInto("moderation.case_notes").values(row).execute();

export const lock = (tx: Tx<Tables>, id: Id) =>
  tx
    .selectFrom("moderation.case_notes as notes")
    .select(columns)
    .where("notes.id", "=", id)
    .forUpdate()
    .executeTakeFirst();

export const remove = (tx: Tx<Tables>, id: Id) => tx.deleteFrom("moderation.case_notes").where("id", "=", id).execute();
