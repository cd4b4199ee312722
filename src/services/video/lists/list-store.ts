import { type Db as Database, type Id, listsOf, type Page, type PageInput, type Reader } from "#kernel";
import { type Expression, sql } from "kysely";
import { published, type Row, rows, type Tables } from "../store.ts";

type Db = Reader<Tables>;
type List<Key> = (key: Key, page: PageInput) => Promise<Page<Row>>;

// Literals, as in the indexes: with parameters PostgreSQL would plan each execution anew to use them.
const isPublished = sql<boolean>`status = ${sql.lit(published)}`;
const isPublic = sql<boolean>`visibility = 'public'`;
const isForFollowers = sql<boolean>`visibility IN ('public', 'followers')`;

/** The latest published first. A video that is taken down and restored keeps its time, and so its place. */
const latest = { published_at_ms: "publishedAtMs", id: "id" } as const;

/** What the viewer of a user's list is to that user. */
export type Audience = "owner" | "follower" | "anybody";

/**
 * A user's videos: all of them for the owner, the newest created first, as drafts were never published; else those that
 * the viewer may find, the latest published first.
 */
export function listsOfUsers(db: Database<Tables>): Readonly<Record<Audience, List<{ userId: Id }>>> {
  const all = (reader: Db, { userId }: { userId: Expression<Id> }) => rows(reader).where("user_id", "=", userId);
  const visibleTo = (visibility: typeof isPublic) => (reader: Db, key: { userId: Expression<Id> }) =>
    all(reader, key).where(isPublished).where(visibility);
  const asks = { userId: "bigint" } as const;
  return {
    owner: listsOf(db, { asks, rows: all, key: { id: "id" } }),
    follower: listsOf(db, { asks, rows: visibleTo(isForFollowers), key: latest }),
    anybody: listsOf(db, { asks, rows: visibleTo(isPublic), key: latest }),
  };
}

/** The public videos of a category, the latest published first. */
export function listOfCategory(db: Database<Tables>): List<{ categoryId: Id }> {
  const all = (reader: Db, { categoryId }: { categoryId: Expression<Id> }) =>
    rows(reader).where("category_id", "=", categoryId).where(isPublished).where(isPublic);
  return listsOf(db, { asks: { categoryId: "bigint" }, rows: all, key: latest });
}
