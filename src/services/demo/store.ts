import type { Id, Reader, Tx } from "#kernel";
import type { Generated } from "kysely";

/** Finished steps, so that a retried job continues from its last one. */
export interface Tables {
  "demo.demo_videos": { name: string; video_id: Id; has_audience: Generated<boolean> };
  /** Made once: an account that is deleted keeps its row, so that no later attempt makes it again. */
  "demo.demo_authors": { username: string; user_id: Id };
  "demo.demo_steps": { name: string };
}

export const accounts = (db: Reader<Tables>) =>
  db.selectFrom("demo.demo_authors").select(["username", "user_id as userId"]).orderBy("user_id").execute();

export const insertAccounts = (tx: Tx<Tables>, rows: readonly Tables["demo.demo_authors"][]) =>
  tx
    .insertInto("demo.demo_authors")
    .values(rows)
    .onConflict((c) => c.doNothing())
    .execute();

export const videos = (db: Reader<Tables>) =>
  db.selectFrom("demo.demo_videos").select(["name", "video_id as videoId", "has_audience as hasAudience"]).execute();

export const insertVideo = (tx: Tx<Tables>, name: string, video_id: Id) =>
  tx
    .insertInto("demo.demo_videos")
    .values({ name, video_id })
    .onConflict((c) => c.doNothing())
    .execute();

export const setAudience = (tx: Tx<Tables>, name: string) =>
  tx.updateTable("demo.demo_videos").set({ has_audience: true }).where("name", "=", name).execute();

export async function isDone(db: Reader<Tables>, step: string): Promise<boolean> {
  const row = await db.selectFrom("demo.demo_steps").select("name").where("name", "=", step).executeTakeFirst();
  return row !== undefined;
}

export const setDone = (tx: Tx<Tables>, name: string) =>
  tx
    .insertInto("demo.demo_steps")
    .values({ name })
    .onConflict((c) => c.doNothing())
    .execute();
