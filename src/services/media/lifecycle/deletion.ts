import { videoDeleted, videoMediaReleased } from "#events/video";
import { mediaDeleted } from "#events/media";
import { type Host, type Id, job, on, type Tx, type Subscription, type JobKind } from "#kernel";
import { removeOld } from "#kernel/blob/orphans";
import { erase } from "#policy/copies/deleted-users";
import * as store from "../store.ts";
import { isPermanent } from "../transcoding/failure.ts";
import * as objectStore from "../objects/object-store.ts";
import { sweepObjects } from "../objects/orphans.ts";

/** Hidden rows stay this long after their bytes, so that what happened can still be explained. */
const hiddenRowsMs = 30 * 24 * 3_600_000;

/** Media objects whose videos or owners were deleted, or that can never be played. */
export interface MediaDeletion {
  /** Hides media objects immediately; their bytes and their files go after the grace time (reliability D6). */
  readonly hide: (tx: Tx<store.Tables>, by: { readonly id: Id } | { readonly userId: Id }) => Promise<void>;
  readonly subscriptions: Subscription<store.Tables>[];
  readonly jobs: JobKind[];
  readonly schedules: {
    readonly name: string;
    readonly pattern: string;
    readonly run: (signal: AbortSignal) => Promise<void>;
  }[];
}

export function createMediaDeletion(
  host: Pick<Host<store.Tables>, "db" | "emit" | "blob" | "jobs" | "now" | "log" | "environment">,
  graceMs: number,
): MediaDeletion {
  const { db, emit, blob, jobs, now, log } = host;

  async function hide(tx: Tx<store.Tables>, by: { readonly id: Id } | { readonly userId: Id }): Promise<void> {
    for (const { id: mediaId, fileId, userId } of await store.hide(tx, by, now())) {
      await emit(tx, mediaDeleted, mediaId, { mediaId, fileId, userId });
      await jobs.add(tx, "purge", { payload: { mediaId }, uniqueKey: String(mediaId), delayMs: graceMs });
    }
  }

  /** Hides what failed permanently, unless a retry was requested since. */
  const dropJob = job<{ mediaId: Id }>({
    kind: "drop",
    concurrency: 1,
    attemptsMax: 8,
    leaseMs: 30_000,
    run: (running) =>
      running.finish<store.Tables>(async (tx) => {
        const { mediaId } = running.payload;
        const row = await store.lock(tx, mediaId);
        if (row?.status === "failed" && isPermanent(row.error ?? "")) await hide(tx, { id: mediaId });
      }),
  });

  return {
    hide,

    subscriptions: [
      on(videoDeleted, async (tx: Tx<store.Tables>, { mediaId, isLastOfMedia }) => {
        if (isLastOfMedia) await hide(tx, { id: mediaId });
      }),
      on(videoMediaReleased, (tx: Tx<store.Tables>, { mediaId }) => hide(tx, { id: mediaId })),
      erase("media", emit, async (tx: Tx<store.Tables>, { userId }) => {
        await hide(tx, { userId });
        await store.forgetWords(tx, userId);
      }),
    ],

    jobs: [dropJob, purgeJob(host, graceMs)],

    schedules: [
      {
        name: "media.orphans",
        pattern: "43 * * * *",
        async run(signal: AbortSignal) {
          const removed = await sweepObjects({ db, blob, signal, writtenBeforeMs: now() - graceMs });
          if (removed > 0) log.info("objects that belonged to no media were removed", { removed });
          await db.tx((tx) => store.forget(tx, now() - hiddenRowsMs));
        },
      },
    ],
  };
}

/** Removes the bytes of a hidden media object that no other media object refers to. */
const purgeJob = ({ blob, now, environment }: Pick<Host, "blob" | "now" | "environment">, graceMs: number) =>
  job<{ mediaId: Id }>({
    kind: "purge",
    concurrency: 2,
    attemptsMax: 8,
    leaseMs: 30_000,
    run: (running) =>
      running.finish<store.Tables>(async (tx) => {
        const { mediaId } = running.payload;
        for (const key of await objectStore.keysOfHidden(tx, mediaId)) {
          await objectStore.lockKey(tx, key);
          await objectStore.unrefer(tx, mediaId, key);
          // Before the commit: if this fails or the process dies, the row is still there and the job comes again.
          if (!(await objectStore.findReferenced(tx, [key])).has(key)) await removeOld(blob, key, now() - graceMs);
          await environment.failpoints.hit("purge.bytes_removed");
        }
      }),
  });
