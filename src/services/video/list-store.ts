import { type Db as Database, type Id, listsOf, type Page, type PageInput, type Reader, type Version } from "#kernel";
import { type Expression, sql } from "kysely";
import { published, stamps, type Tables } from "./store.ts";

type Db = Reader<Tables>;
type List<Of> = (asked: Of, page: PageInput) => Promise<Page<Version>>;

// Written out, as the indexes have it: with parameters every execution would be planned anew to be able to use them.
const isPublished = sql<boolean>`status = ${sql.lit(published)}`;
const isPublic = sql<boolean>`visibility = 'public'`;
const isForFollowers = sql<boolean>`visibility IN ('public', 'followers')`;

/** Whose list it is to whoever looks. */
export type Onlooker = "owner" | "follower" | "anybody";

/**
 * Somebody's videos, newest first: all of them for their owner, else those that may be found. Which versions they are alone:
 * most of what is shown of them is known.
 */
export function listsOfUsers(db: Database<Tables>): Readonly<Record<Onlooker, List<{ userId: Id }>>> {
  const all = (reader: Db, { userId }: { userId: Expression<Id> }) => stamps(reader).where("user_id", "=", userId);
  const lists = (rows: typeof all) => listsOf(db, { asks: { userId: "bigint" }, rows, key: { id: "id" } });
  return {
    owner: lists(all),
    follower: lists((...of) =>
      all(...of)
        .where(isPublished)
        .where(isForFollowers),
    ),
    anybody: lists((...of) =>
      all(...of)
        .where(isPublished)
        .where(isPublic),
    ),
  };
}

/** The videos of a category that everybody may find, the latest published first. */
export function listOfCategory(db: Database<Tables>): List<{ categoryId: Id }> {
  const rows = (reader: Db, { categoryId }: { categoryId: Expression<Id> }) =>
    stamps(reader)
      .select("published_at_ms as publishedAtMs")
      .where("category_id", "=", categoryId)
      .where(isPublished)
      .where(isPublic);
  return listsOf(db, { asks: { categoryId: "bigint" }, rows, key: { published_at_ms: "publishedAtMs", id: "id" } });
}
