import { type Id, type PageInput, pageOf, type Reader } from "#kernel";
import { sql } from "kysely";
import { published, type Tables } from "./store.ts";

/**
 * The videos of a category that everybody may find, the latest published first. Their ids alone, which the index has: what
 * is shown of them is looked up together with what others look up.
 */
export function ofCategory(db: Reader<Tables>, categoryId: Id, page: PageInput) {
  const found = db
    .selectFrom("videos")
    .select(["id", "published_at_ms as publishedAtMs"])
    .where("category_id", "=", categoryId)
    .where("deleted_at_ms", "is", null)
    // Written out, as the index has it: with parameters every execution would be planned anew to be able to use it.
    .where("visibility", "=", sql.lit("public" as const))
    .where("status", "=", sql.lit(published));
  return pageOf(db, found, { published_at_ms: "publishedAtMs", id: "id" }, page);
}
