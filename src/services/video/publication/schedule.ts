import { type Host, type Id, job, type Tx, type JobKind } from "#kernel";
import { TooLate } from "../contract.ts";
import type { Publication } from "./publication.ts";
import * as store from "../store.ts";

const kind = "publish";
/** The latest time of publication. */
const aheadMsMax = 366 * 24 * 3_600_000;
/** The longest delay for a muted owner: a mute may be lifted before its end. */
const mutedDelayMsMax = 10 * 60_000;
/** A video that is later than this is overdue. */
const lateMs = 60_000;

interface PlannedPublication {
  readonly videoId: Id;
  readonly atMs: number;
}

/** Publishes videos at a planned time, in whatever process runs by then. */
export interface PublicationSchedule {
  /** Publishes a draft now, whatever was planned, with one event; yields the row. */
  readonly publish: (tx: Tx<store.Tables>, before: store.Row) => Promise<store.Row>;
  /** @throws TooLate */
  readonly check: (atMs: number | null | undefined) => void;
  /** The job of an earlier plan finds another time, and does nothing. */
  readonly plan: (tx: Tx<store.Tables>, videoId: Id, atMs: number | null | undefined) => Promise<void>;
  /** Videos that should have been published a while ago; those of muted owners are not among them. */
  readonly overdue: () => Promise<{ readonly id: Id }[]>;
  readonly job: JobKind;
}

export function createPublicationSchedule(
  { db, jobs, now }: Pick<Host<store.Tables>, "db" | "jobs" | "now">,
  { emitPublished }: Pick<Publication, "emitPublished">,
): PublicationSchedule {
  async function publish(tx: Tx<store.Tables>, before: store.Row): Promise<store.Row> {
    const isPublished = await store.publish(tx, before.id, now());
    const row = (await store.byId(tx, before.id)) ?? before;
    if (isPublished) await emitPublished(tx, row);
    return row;
  }

  return {
    publish,

    check(atMs: number | null | undefined): void {
      if (atMs && atMs > now() + aheadMsMax) throw TooLate({});
    },

    async plan(tx: Tx<store.Tables>, videoId: Id, atMs: number | null | undefined): Promise<void> {
      if (atMs === null || atMs === undefined) return;
      const delayMs = Math.max(0, atMs - now());
      await jobs.add(tx, kind, { payload: { videoId, atMs }, uniqueKey: `${videoId}:${atMs}`, delayMs });
    },

    overdue: () => store.overduePublications(db, now() - lateMs - mutedDelayMsMax, now()),

    job: job<PlannedPublication>({
      kind,
      concurrency: 4,
      attemptsMax: 50,
      leaseMs: 30_000,
      async run(running) {
        const { videoId, atMs } = running.payload;
        // The clock of the database was ahead of this one.
        if (now() < atMs) return running.putOff(atMs - now(), "it is not time yet");
        const mutedMs = await store.mutedForMs(db, videoId, now());
        if (mutedMs !== undefined) return running.putOff(Math.min(mutedMs, mutedDelayMsMax), "its owner is muted");
        await running.finish(async (tx: Tx<store.Tables>) => {
          const row = await store.lock(tx, videoId);
          if (row?.publishAtMs === atMs) await publish(tx, row);
        });
      },
    }),
  };
}
