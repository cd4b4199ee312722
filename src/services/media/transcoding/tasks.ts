import { transcodeCancelled, transcodeRequested } from "#events/media";
import { type Call, callerOf, type Handlers, type Host, type Id, type Tx } from "#kernel";
import { limitsOf, profileNames } from "#media/renditions/rung";
import {
  type media,
  MediaNotFound,
  NotTranscodable,
  type Task,
  TaskNotFound,
  TaskOver,
  TranscodeCancelled,
  UnknownProfile,
} from "../contract.ts";
import { presentTask } from "../presenter.ts";
import * as store from "../store.ts";
import { failMedia } from "./failure.ts";
import { unknownProfile } from "./profiles.ts";
import * as taskStore from "./task-store.ts";

type TaskHost = Pick<Host<store.Tables>, "db" | "emit" | "nextId" | "now">;

interface Parts {
  /** @throws MediaNotFound */
  readonly ownMedia: (id: Id, call: Call) => Promise<store.Row>;
  /** The renditions every video gets. */
  readonly ladder: readonly string[];
}

/** Stores a task and publishes the request for it; `isFirst`: nothing of the media object can be played yet. */
export async function requestTranscode(
  { emit, nextId, now }: TaskHost,
  tx: Tx<store.Tables>,
  { id: mediaId, userId }: { readonly id: Id; readonly userId: Id },
  { profiles, isFirst }: { readonly profiles: string[]; readonly isFirst: boolean },
): Promise<Task> {
  const row = { id: nextId(), media_id: mediaId, user_id: userId, created_at_ms: now() };
  const task = await taskStore.insertTask(tx, row);
  await emit(tx, transcodeRequested, mediaId, { taskId: task.taskId, mediaId, userId, profiles, isFirst });
  return presentTask(task, now());
}

/** Users' transcoding tasks: requests, cancellation and progress. */
export function createTranscodeTasks(
  host: TaskHost,
  { ownMedia, ladder }: Parts,
): Pick<Handlers<typeof media>, "transcode" | "submit" | "status" | "cancel" | "tasks" | "profiles" | "task"> {
  const { db, emit, now } = host;

  async function ownTask(id: Id, call: Call): Promise<taskStore.TaskRow> {
    const task = await taskStore.taskOf(db, callerOf(call), id);
    if (!task) throw TaskNotFound({});
    return task;
  }

  async function transcode(id: Id, profiles: string[], call: Call): Promise<Task> {
    const { kind, userId } = await ownMedia(id, call);
    const unknown = unknownProfile(profiles);
    if (unknown !== undefined) throw UnknownProfile({ profile: unknown });
    if (kind === "image") throw NotTranscodable({});
    return db.tx(async (tx) => {
      const row = await store.lock(tx, id);
      if (!row) throw MediaNotFound({});
      const latest = await taskStore.latestTask(tx, id);
      if (latest?.status === "queued" || latest?.status === "running") return presentTask(latest, now());
      const isFirst = row.status !== "ready";
      if (isFirst) await store.processing(tx, id);
      return requestTranscode(host, tx, { id, userId }, { profiles, isFirst });
    });
  }

  return {
    transcode: ({ id, profiles = [] }, call) => transcode(id, profiles, call),

    submit: ({ mediaId, profiles = [] }, call) => transcode(mediaId, profiles, call),

    status: async ({ id }, call) => presentTask(await ownTask(id, call), now()),

    async cancel({ id }, call) {
      const { mediaId } = await ownTask(id, call);
      return db.tx(async (tx) => {
        const row = await store.lock(tx, mediaId);
        if (!row) throw TaskNotFound({});
        const ended = await taskStore.endTask(tx, { taskId: id, mediaId }, "cancelled", null);
        const task = ended ?? (await taskStore.taskOf(tx, row.userId, id));
        if (task?.status !== "cancelled") throw TaskOver({});
        if (!ended) return presentTask(task, now());
        await emit(tx, transcodeCancelled, mediaId, { taskId: id, mediaId, userId: row.userId });
        if (row.status === "processing")
          await failMedia(host, tx, row, TranscodeCancelled.code, TranscodeCancelled.text);
        return presentTask(ended, now());
      });
    },

    async tasks(page, call) {
      const { items, ...paging } = await taskStore.listTasks(db, callerOf(call), page);
      return { ...paging, items: items.map((row) => presentTask(row, now())) };
    },

    async profiles() {
      const usual = new Set(ladder);
      const items = profileNames.map((profile) => {
        const { shortSide, maxrateBps } = limitsOf(profile);
        return { profile, shortSide, bitrateMax: maxrateBps, isUsual: usual.has(profile) };
      });
      return { items };
    },

    async task({ id }, call) {
      const { id: mediaId } = await ownMedia(id, call);
      const task = await taskStore.latestTask(db, mediaId);
      if (!task) throw MediaNotFound({});
      return presentTask(task, now());
    },
  };
}
