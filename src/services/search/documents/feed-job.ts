import { type Host, job, type JobKind, type Schedule } from "#kernel";
import type { Tables } from "../store.ts";

/** Something outside of this process that is kept up to date with `search.documents`. */
export interface Feed {
  isBehind(): Promise<boolean>;
  follow(signal: AbortSignal): Promise<void>;
}

interface FeedJob {
  readonly jobKind: string;
  readonly schedule: string;
  /** Undefined where it is not configured: jobs that are left from another time end at once. */
  readonly feed: Feed | undefined;
  /** True if an error means that the target is away; the job then tries again after `awayMs`. */
  readonly isAway: (error: unknown) => boolean;
  readonly awayMs: number;
  readonly awayReason: string;
}

/** One process at a time feeds it, soon after a change: a job that a schedule adds where there is any. */
export function feedJobOf(
  { db, jobs }: Pick<Host<Tables>, "db" | "jobs">,
  { jobKind, schedule, feed, isAway, awayMs, awayReason }: FeedJob,
) {
  const feedJob: JobKind = job<object>({
    kind: jobKind,
    concurrency: 1,
    attemptsMax: 10,
    leaseMs: 60_000,
    async run(running) {
      try {
        await feed?.follow(running.signal);
      } catch (error) {
        if (!isAway(error)) throw error;
        return running.putOff(awayMs, awayReason);
      }
      await running.finish(async () => undefined);
    },
  });

  const schedules: Schedule[] = feed
    ? [
        {
          name: schedule,
          pattern: "*/2 * * * * *",
          async run() {
            const isBehind = await feed.isBehind().catch((error: unknown) => {
              if (!isAway(error)) throw error;
              return false;
            });
            if (isBehind) await db.tx((tx) => jobs.add(tx, jobKind, { payload: {}, uniqueKey: jobKind }));
          },
        },
      ]
    : [];
  return { jobs: [feedJob], schedules };
}
