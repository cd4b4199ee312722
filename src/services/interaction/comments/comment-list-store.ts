import { type Db as Database, type Id, listsOf, type Page, type PageInput, pageOf, type Reading } from "#kernel";
import { type Expression, sql } from "kysely";
import { columns, type Row } from "./comment-store.ts";
import type { Db, Tables } from "../store.ts";

/** A viewer of comments. */
export interface Viewer {
  /** 0 without a sign-in. */
  readonly viewerId: Id;
  /** Moderators see comments that are held. */
  readonly seesHeld: boolean;
  /** Authors that are hidden from this viewer. */
  readonly hiddenIds: readonly Id[];
}
const viewerParameters = { viewerId: "bigint", seesHeld: "boolean", hiddenIds: "bigint[]" } as const;
type ViewerParameters = { readonly [Name in keyof Viewer]: Expression<Viewer[Name]> };

const visibleTo = (db: Db, { viewerId: viewer, seesHeld, hiddenIds: hidden }: ViewerParameters) =>
  db
    .selectFrom("interaction.comments")
    .select(columns)
    .where(sql<boolean>`(NOT is_held OR user_id = ${viewer} OR ${seesHeld})`)
    .where(sql<boolean>`user_id <> ALL(${hidden})`);

/** Comments that a search by text reads at most. */
const searchedMax = 10_000;

/** The comments on the videos of a user, newest first. */
export function listReceived(
  db: Db,
  userId: Id,
  { filter, q, hiddenIds }: { filter: "all" | "unanswered" | "held"; q: string; hiddenIds: readonly Id[] },
  page: PageInput,
): Promise<Page<Row>> {
  const onOwn = db.selectFrom("interaction.comments").where("video_author_id", "=", userId);
  const first = sql<Id>`coalesce((SELECT id FROM interaction.comments WHERE video_author_id = ${userId}
    ORDER BY id DESC OFFSET ${searchedMax} LIMIT 1), 0)`;
  const rows = onOwn
    .select(columns)
    .where(sql<boolean>`user_id <> ALL(${hiddenIds}::bigint[])`)
    .where("is_held", "=", filter === "held")
    .$if(filter === "unanswered", (query) =>
      query
        .where("root_id", "is", null)
        .where("user_id", "<>", userId)
        .where(
          sql<boolean>`NOT EXISTS (SELECT FROM interaction.comments reply
            WHERE reply.root_id = comments.id AND reply.user_id = ${userId})`,
        ),
    )
    .$if(q !== "", (query) =>
      query.where(sql<boolean>`id > ${first}`).where(sql<boolean>`position(lower(${q}) IN lower(content)) > 0`),
    );
  return pageOf(db, rows, { id: "id" }, page);
}

type List<Of> = (parameters: Viewer & Of, page: PageInput, reading: Reading) => Promise<Page<Row>>;

/** Lists of the comments that a viewer may see. */
export function listsOfComments(db: Database<Tables>): {
  readonly top: Readonly<Record<"new" | "hot", List<{ videoId: Id }>>>;
  readonly all: List<{ videoId: Id }>;
  readonly thread: List<{ videoId: Id; rootId: Id }>;
} {
  type OfVideo = ViewerParameters & { readonly videoId: Expression<Id> };
  const asks = { videoId: "bigint", ...viewerParameters } as const;
  const all = (reader: Db, of: OfVideo) => visibleTo(reader, of).where("video_id", "=", of.videoId);
  const top = (reader: Db, of: OfVideo) => all(reader, of).where("root_id", "is", null);
  return {
    /** The comments at the top of a video, the pinned one first. */
    top: {
      new: listsOf(db, { asks, rows: top, key: { is_pinned: "isPinned", id: "id" } }),
      hot: listsOf(db, { asks, rows: top, key: { is_pinned: "isPinned", hot_score: "hotScore", id: "id" } }),
    },
    /** All comments of a video with their replies, newest first. */
    all: listsOf(db, { asks, rows: all, key: { id: "id" } }),
    /** The replies of a thread, oldest first. */
    thread: listsOf(db, {
      asks: { videoId: "bigint", rootId: "bigint", ...viewerParameters },
      rows: (reader, { rootId, ...of }) => all(reader, of).where("root_id", "=", rootId),
      key: { id: "id" },
      order: "asc",
    }),
  };
}
