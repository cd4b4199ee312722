import type { Id, Reader, Tx } from "#kernel";

/** Which clips were published already, so that a job that is tried again goes on where it stopped. */
export interface Tables {
  "demo.demo_videos": { name: string; video_id: Id };
}

export const videoOf = (db: Reader<Tables>, name: string) =>
  db.selectFrom("demo.demo_videos").select("video_id as videoId").where("name", "=", name).executeTakeFirst();

export const insertVideo = (tx: Tx<Tables>, name: string, video_id: Id) =>
  tx
    .insertInto("demo.demo_videos")
    .values({ name, video_id })
    .onConflict((c) => c.doNothing())
    .execute();
