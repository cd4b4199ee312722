import { audited, type Handlers, type Host, type Id, job, type Job, type JobKind } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores/stores";
import type { transfer } from "./contract.ts";
import type { Owners } from "./owners.ts";
import * as releaseStore from "./space-release-store.ts";
import type { Tables } from "./store.ts";

/** Uploaded content that was stored this recently may be about to become a file. */
const recentMs = 3_600_000;
const batch = 200;
const kind = "release";

interface Parts {
  readonly stores: BlobStores;
  readonly owners: Owners;
}

/**
 * Deletes what waits for its grace time, when an administrator needs the space. The services that own objects decide what
 * no record refers to any more; uploads that are not complete yet are left alone.
 */
export function createSpaceRelease(
  { db, jobs, emit, nextId, now, log }: Pick<Host<Tables>, "db" | "jobs" | "emit" | "nextId" | "now" | "log">,
  { stores, owners }: Parts,
): { readonly handlers: Pick<Handlers<typeof transfer>, "freeSpace" | "freedSpace">; readonly job: JobKind } {
  async function releaseAll({ id: jobId, payload: { id }, signal, ...running }: Job<{ id: Id }>): Promise<void> {
    const count = (objects: number, bytes: number) =>
      objects === 0
        ? Promise.resolve()
        : running.step<Tables>(async (tx) => void (await releaseStore.add(tx, id, objects, bytes)));
    // Media first: the files of media objects that are hidden meanwhile follow within the same run.
    for (const space of ["media", "upload"] as const)
      for await (const { objects, sizeBytes } of owners.releaseSpace(space, signal)) await count(objects, sizeBytes);
    for await (const { objects, sizeBytes } of orphansRemoved(signal)) await count(objects, sizeBytes);
    await running.finish<Tables>(async (tx) => void (await releaseStore.end(tx, id, "done", now())));
    log.info("space of deleted content was freed", { jobId });
  }

  /** Removes uploaded content that belongs to no file; yields the number and the size of each batch. */
  async function* orphansRemoved(signal: AbortSignal) {
    const writtenBeforeMs = now() - recentMs;
    let objects: { key: string; sizeBytes: number }[] = [];
    const removeBatch = async () => {
      const orphans = await owners.pruneUnreferenced("upload", objects, writtenBeforeMs);
      objects = [];
      return { objects: orphans.length, sizeBytes: orphans.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
    };
    for await (const { key, sizeBytes, changedAtMs } of stores.list("upload")) {
      signal.throwIfAborted();
      if (changedAtMs < writtenBeforeMs && objects.push({ key, sizeBytes }) === batch) yield await removeBatch();
    }
    yield await removeBatch();
  }

  return {
    handlers: {
      freeSpace: (_, { userId }) =>
        db.answer(async (tx) => {
          const id = nextId();
          const createdAtMs = now();
          if (!(await releaseStore.insert(tx, id, createdAtMs))) return releaseStore.running(tx);
          await jobs.add(tx, kind, { payload: { id }, uniqueKey: String(id) });
          const actor = userId !== undefined && { actorId: userId };
          await emit(tx, audited, id, { act: "space.freed", atMs: createdAtMs, ...actor });
          return releaseStore.running(tx);
        }),

      freedSpace: async () => ({ latest: (await releaseStore.latest(db)) ?? null }),
    },

    job: job<{ id: Id }>({
      kind,
      concurrency: 1,
      attemptsMax: 8,
      leaseMs: 30_000,
      run: releaseAll,
      onGiveUp: async (tx, { payload: { id } }, error) =>
        void (await releaseStore.end(tx, id, "failed", now(), error.message)),
    }),
  };
}
