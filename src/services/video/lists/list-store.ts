import { type Db as Database, type Id, listsOf, type Page, type PageInput, type Reader } from "#kernel";
import { type Expression, sql } from "kysely";
import { published, type Row, rows, type Tables } from "../store.ts";

type Db = Reader<Tables>;
type List<Of> = (asked: Of, page: PageInput) => Promise<Page<Row>>;

// Written out, as the indexes have it: with parameters every execution would be planned anew to be able to use them.
const isPublished = sql<boolean>`status = ${sql.lit(published)}`;
const isPublic = sql<boolean>`visibility = 'public'`;
const isForFollowers = sql<boolean>`visibility IN ('public', 'followers')`;

/** The latest published first. When it was published stays with a video that is taken down and brought back, and so its place. */
const latest = { published_at_ms: "publishedAtMs", id: "id" } as const;

/** Whose list it is to whoever looks. */
export type Onlooker = "owner" | "follower" | "anybody";

/**
 * Somebody's videos: all of them for their owner, the newest made first, as some were never published; else those that may
 * be found, the latest published first.
 */
export function listsOfUsers(db: Database<Tables>): Readonly<Record<Onlooker, List<{ userId: Id }>>> {
  const all = (reader: Db, { userId }: { userId: Expression<Id> }) => rows(reader).where("user_id", "=", userId);
  const shownTo = (onlooker: typeof isPublic) => (reader: Db, of: { userId: Expression<Id> }) =>
    all(reader, of).where(isPublished).where(onlooker);
  const asks = { userId: "bigint" } as const;
  return {
    owner: listsOf(db, { asks, rows: all, key: { id: "id" } }),
    follower: listsOf(db, { asks, rows: shownTo(isForFollowers), key: latest }),
    anybody: listsOf(db, { asks, rows: shownTo(isPublic), key: latest }),
  };
}

/** The videos of a category that everybody may find, the latest published first. */
export function listOfCategory(db: Database<Tables>): List<{ categoryId: Id }> {
  const all = (reader: Db, { categoryId }: { categoryId: Expression<Id> }) =>
    rows(reader).where("category_id", "=", categoryId).where(isPublished).where(isPublic);
  return listsOf(db, { asks: { categoryId: "bigint" }, rows: all, key: latest });
}
