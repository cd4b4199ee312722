import { type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Task } from "../contract.ts";
import type { Tables } from "../store.ts";

type Db = Reader<Tables>;

const taskColumns = [
  "transcode_tasks.id as taskId",
  "media_id as mediaId",
  "transcode_tasks.status",
  "progress",
  "step",
  "transcode_tasks.error",
  "ends_at_ms as endsAtMs",
] as const;
const task = (db: Db) => db.selectFrom("media.transcode_tasks as transcode_tasks").select(taskColumns);
/** The whole key of a task; its number alone is looked up in every partition. */
type TaskKey = Pick<Task, "taskId" | "mediaId">;
export type TaskRow = Omit<Task, "secondsLeft"> & { readonly endsAtMs: number | null };

export const latestTask = (db: Db, mediaId: Id): Promise<TaskRow | undefined> =>
  task(db).where("media_id", "=", mediaId).orderBy("id", "desc").limit(1).executeTakeFirst();

/** Tasks of hidden media are left out. */
const tasksOf = (db: Db, userId: Id) =>
  task(db)
    .innerJoin("media.media as media", "media.id", "media_id")
    .where("transcode_tasks.user_id", "=", userId)
    .where("deleted_at_ms", "is", null);

export const taskOf = (db: Db, userId: Id, id: Id): Promise<TaskRow | undefined> =>
  tasksOf(db, userId).where("transcode_tasks.id", "=", id).executeTakeFirst();

export const listTasks = (db: Db, userId: Id, page: PageInput) =>
  pageOf(db, tasksOf(db, userId), { "transcode_tasks.id": "taskId" }, page);

export const insertTask = (tx: Tx<Tables>, row: { id: Id; media_id: Id; user_id: Id; created_at_ms: number }) =>
  tx
    .insertInto("media.transcode_tasks")
    .values(row)
    .returning(["id as taskId", "media_id as mediaId", "status", "progress", "step", "error", "ends_at_ms as endsAtMs"])
    .executeTakeFirstOrThrow();

/** Stores the progress of a task. It never decreases, and a task that is over stays as it is. */
export const advance = (
  tx: Tx<Tables>,
  { taskId, mediaId }: TaskKey,
  { progress, step, endsAtMs }: Pick<TaskRow, "progress" | "step" | "endsAtMs">,
) =>
  tx
    .updateTable("media.transcode_tasks as transcode_tasks")
    .set({
      status: "running",
      step,
      progress: sql<number>`greatest(progress, ${progress}::integer)`,
      ends_at_ms: endsAtMs,
    })
    .where("media_id", "=", mediaId)
    .where("id", "=", taskId)
    .where("status", "in", ["queued", "running"])
    .execute();

/** Yields the task unless it was over before. A failed task may still complete, by an administrator's retry. */
export const endTask = (
  tx: Tx<Tables>,
  { taskId, mediaId }: TaskKey,
  status: "completed" | "failed" | "cancelled",
  error: string | null,
): Promise<TaskRow | undefined> =>
  tx
    .updateTable("media.transcode_tasks as transcode_tasks")
    .set({ status, step: "", error, ends_at_ms: null, ...(status === "completed" && { progress: 100 }) })
    .where("media_id", "=", mediaId)
    .where("id", "=", taskId)
    .where("status", "in", status === "completed" ? ["queued", "running", "failed"] : ["queued", "running"])
    .returning(taskColumns)
    .executeTakeFirst();
