import { type Host, type Id, job, type Tx } from "#kernel";
import { TooLate } from "../contract.ts";
import type { showing } from "./publication.ts";
import * as store from "../store.ts";

const kind = "publish";
/** A video may be planned so far ahead. */
const aheadMsMax = 366 * 24 * 3_600_000;
/** What its owner may not publish is looked at again after so long: they may be heard again before it was said they would. */
const silentMsMax = 10 * 60_000;
/** A video that is later than that was forgotten. */
const lateMs = 60_000;

interface Planned {
  readonly videoId: Id;
  readonly atMs: number;
}

/** Videos that publish themselves at a time, whatever process runs by then. */
export function planning(
  { db, jobs, now }: Pick<Host<store.Tables>, "db" | "jobs" | "now">,
  { tellPublished }: Pick<ReturnType<typeof showing>, "tellPublished">,
) {
  /** Now, whatever was planned; told once. Yields it as it is then. */
  async function publish(tx: Tx<store.Tables>, before: store.Row): Promise<store.Row> {
    const isPublished = await store.publish(tx, before.id, now());
    const row = (await store.byId(tx, before.id)) ?? before;
    if (isPublished) await tellPublished(tx, row);
    return row;
  }

  return {
    publish,

    /** @throws TooLate */
    check(atMs: number | null | undefined): void {
      if (atMs && atMs > now() + aheadMsMax) throw TooLate({});
    },

    /** What was planned before finds another time, and rests. */
    async plan(tx: Tx<store.Tables>, videoId: Id, atMs: number | null | undefined): Promise<void> {
      if (atMs === null || atMs === undefined) return;
      const delayMs = Math.max(0, atMs - now());
      await jobs.add(tx, kind, { payload: { videoId, atMs }, uniqueKey: `${videoId}:${atMs}`, delayMs });
    },

    /** Those that should have been published a while ago, save of whoever may say nothing. */
    forgotten: () => store.unpublished(db, now() - lateMs - silentMsMax, now()),

    job: job<Planned>({
      kind,
      concurrency: 4,
      attemptsMax: 50,
      leaseMs: 30_000,
      async run(running) {
        const { videoId, atMs } = running.payload;
        // The database's clock was ahead of this one.
        if (now() < atMs) return running.putOff(atMs - now(), "it is not time yet");
        const silencedMs = await store.silencedFor(db, videoId, now());
        if (silencedMs !== undefined)
          return running.putOff(Math.min(silencedMs, silentMsMax), "whose it is may say nothing for now");
        await running.finish(async (tx: Tx<store.Tables>) => {
          const row = await store.lock(tx, videoId);
          if (row?.publishAtMs === atMs) await publish(tx, row);
        });
      },
    }),
  };
}
