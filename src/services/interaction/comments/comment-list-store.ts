import { type Db as Database, type Id, listsOf, type Page, type PageInput, type Reading } from "#kernel";
import { type Expression, sql } from "kysely";
import { columns, type Row } from "./comment-store.ts";
import type { Db, Tables } from "../store.ts";

/** Who looks. */
export interface Viewing {
  /** 0 is nobody. */
  readonly viewer: Id;
  /** Moderators see what is held. */
  readonly seesHeld: boolean;
  /** Whose comments this viewer does not meet. */
  readonly hidden: readonly Id[];
}
const viewing = { viewer: "bigint", seesHeld: "boolean", hidden: "bigint[]" } as const;
type Looking = { readonly [Name in keyof Viewing]: Expression<Viewing[Name]> };

const shownTo = (db: Db, { viewer, seesHeld, hidden }: Looking) =>
  db
    .selectFrom("interaction.comments")
    .select(columns)
    .where(sql<boolean>`(NOT is_held OR user_id = ${viewer} OR ${seesHeld})`)
    .where(sql<boolean>`user_id <> ALL(${hidden})`);

type List<Of> = (asked: Viewing & Of, page: PageInput, reading: Reading) => Promise<Page<Row>>;

/** The comments there are for whoever looks. */
export function listsOfComments(db: Database<Tables>): {
  readonly top: Readonly<Record<"new" | "hot", List<{ videoId: Id }>>>;
  readonly all: List<{ videoId: Id }>;
  readonly thread: List<{ rootId: Id }>;
} {
  type OfVideo = Looking & { readonly videoId: Expression<Id> };
  const asks = { videoId: "bigint", ...viewing } as const;
  const all = (reader: Db, asked: OfVideo) => shownTo(reader, asked).where("video_id", "=", asked.videoId);
  const top = (reader: Db, asked: OfVideo) => all(reader, asked).where("root_id", "is", null);
  return {
    /** The comments at the top of a video, the pinned one first. */
    top: {
      new: listsOf(db, { asks, rows: top, key: { is_pinned: "isPinned", id: "id" } }),
      hot: listsOf(db, { asks, rows: top, key: { is_pinned: "isPinned", heat: "heat", id: "id" } }),
    },
    /** All of a video, answers among the rest, newest first. */
    all: listsOf(db, { asks, rows: all, key: { id: "id" } }),
    /** What was answered in a thread, as it was said. */
    thread: listsOf(db, {
      asks: { rootId: "bigint", ...viewing },
      rows: (reader, { rootId, ...looking }) => shownTo(reader, looking).where("root_id", "=", rootId),
      key: { id: "id" },
      order: "asc",
    }),
  };
}
