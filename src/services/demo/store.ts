import type { Id, Reader, Tx } from "#kernel";

/** Which clips were published already, so that a job that is tried again goes on where it stopped. */
export interface Tables {
  "demo.demo_videos": { name: string; video_id: Id };
  /** Made once: an account that is deleted keeps its row, so that no later attempt makes it again. */
  "demo.demo_authors": { username: string; user_id: Id };
}

export const authors = (db: Reader<Tables>) =>
  db.selectFrom("demo.demo_authors").select(["username", "user_id as userId"]).execute();

export const insertAuthors = (tx: Tx<Tables>, rows: readonly Tables["demo.demo_authors"][]) =>
  tx.insertInto("demo.demo_authors").values(rows).execute();

export const videoOf = (db: Reader<Tables>, name: string) =>
  db.selectFrom("demo.demo_videos").select("video_id as videoId").where("name", "=", name).executeTakeFirst();

export const insertVideo = (tx: Tx<Tables>, name: string, video_id: Id) =>
  tx
    .insertInto("demo.demo_videos")
    .values({ name, video_id })
    .onConflict((c) => c.doNothing())
    .execute();
