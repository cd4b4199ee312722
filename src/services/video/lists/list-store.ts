import type { Visibility } from "#events/video";
import { type Db as Database, type Id, listsOf, type Page, type PageInput, pageOf, type Reader } from "#kernel";
import { type Expression, type RawBuilder, sql } from "kysely";
import type { ListedState } from "../contract.ts";
import { failed, heldBack, processing, published, type Row, rows, type Tables, takenDown } from "../store.ts";

type Db = Reader<Tables>;
type List<Key> = (key: Key, page: PageInput) => Promise<Page<Row>>;

// Literals, as in the indexes: with parameters PostgreSQL would plan each execution anew to use them.
const isPublished = sql<boolean>`status = ${sql.lit(published)}`;
const isPublic = sql<boolean>`visibility = 'public'`;
/** With things that have a gate: whether it opens is decided for each viewer. */
const isOpenToSome = sql<boolean>`visibility IN ('public', 'gated')`;
const isForFollowers = sql<boolean>`visibility IN ('public', 'followers', 'gated')`;

/** The latest published first. A video that is taken down and restored keeps its time, and so its place. */
const latest = { published_at_ms: "publishedAtMs", id: "id" } as const;

/** The relationship of a viewer to the user whose list it is. */
type Audience = "follower" | "anybody";

/** The videos of a user that the viewer may find, the latest published first. */
export function listsOfUsers(db: Database<Tables>): Readonly<Record<Audience, List<{ userId: Id }>>> {
  const visibleTo =
    (visibility: typeof isPublic) =>
    (reader: Db, { userId }: { userId: Expression<Id> }) =>
      rows(reader).where("user_id", "=", userId).where(isPublished).where(visibility);
  const asks = { userId: "bigint" } as const;
  return {
    follower: listsOf(db, { asks, rows: visibleTo(isForFollowers), key: latest }),
    anybody: listsOf(db, { asks, rows: visibleTo(isOpenToSome), key: latest }),
  };
}

export interface OwnFilter {
  readonly q?: string | undefined;
  readonly state?: ListedState | undefined;
  readonly visibility?: Visibility | undefined;
  readonly sort?: "latest" | "oldest" | undefined;
}

const isWaiting = sql<boolean>`is_draft AND status IN (${sql.lit(processing)}, ${sql.lit(heldBack)})`;
const inState: Readonly<Record<ListedState, RawBuilder<boolean>>> = {
  published: isPublished,
  processing: sql<boolean>`status = ${sql.lit(processing)}`,
  failed: sql<boolean>`status = ${sql.lit(failed)}`,
  scheduled: sql<boolean>`${isWaiting} AND publish_at_ms IS NOT NULL`,
  draft: sql<boolean>`${isWaiting} AND publish_at_ms IS NULL`,
  taken_down: sql<boolean>`status = ${sql.lit(takenDown)}`,
  needs_action: sql<boolean>`(status = ${sql.lit(failed)} OR next.state = 'failed')`,
};
/** Titles that a search reads at most. */
const searchedMax = 10_000;

/** All videos of their owner, by creation, as drafts were never published. */
export function ownVideos(
  db: Db,
  userId: Id,
  { q = "", state, visibility, sort = "latest" }: OwnFilter,
  page: PageInput,
): Promise<Page<Row>> {
  const eldest = sql<Id>`coalesce((SELECT id FROM video.videos WHERE user_id = ${userId} AND deleted_at_ms IS NULL
    ORDER BY id DESC OFFSET ${searchedMax} LIMIT 1), 0)`;
  const filtered = rows(db)
    .where("user_id", "=", userId)
    .$if(state !== undefined, (query) => query.where(inState[state ?? "published"]))
    .$if(visibility !== undefined, (query) => query.where("visibility", "=", visibility ?? "public"))
    .$if(q !== "", (query) =>
      query
        .where(sql<boolean>`videos.id > ${eldest}`)
        .where(sql<boolean>`position(lower(${q.normalize("NFC")}) IN lower(title)) > 0`),
    );
  return pageOf(db, filtered, { id: "id" }, page, sort === "oldest" ? "asc" : "desc");
}

/** The public videos of a category, the latest published first. */
export function listOfCategory(db: Database<Tables>): List<{ categoryId: Id }> {
  const all = (reader: Db, { categoryId }: { categoryId: Expression<Id> }) =>
    rows(reader).where("category_id", "=", categoryId).where(isPublished).where(isPublic);
  return listsOf(db, { asks: { categoryId: "bigint" }, rows: all, key: latest });
}
