import { Cron } from "croner";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import type { Log } from "../log/port.ts";
import type { Schedule } from "./port.ts";

interface SchedulerParts {
  readonly db: Db<KernelTables>;
  readonly log: Log;
  readonly now: () => number;
}

/** A mark further ahead of this process's clock was made by a clock that was wrong; waiting for it could take years. */
const aheadSecondsMax = 3_600;

/** Runs a service's schedules; a time that several processes see is taken by the first to mark it. */
export function startSchedules(
  schedules: readonly Schedule[],
  { db, log, now }: SchedulerParts,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const crons = schedules.map((schedule) => {
    const once = async () => {
      const slot = Math.floor(now() / 1_000);
      const { numInsertedOrUpdatedRows: first } = await db
        .insertInto("marks")
        .values({ name: `schedule.${schedule.name}`, value: slot })
        .onConflict((c) =>
          c
            .column("name")
            .doUpdateSet({ value: slot })
            .where((or) => or.or([or("marks.value", "<", slot), or("marks.value", ">", slot + aheadSecondsMax)])),
        )
        .executeTakeFirstOrThrow();
      if (first !== 0n) await schedule.run(stopping.signal);
    };
    return new Cron(schedule.pattern, { timezone: "UTC", protect: true, unref: true }, async () => {
      const run = once().catch((error) => log.warn("schedule failed", { schedule: schedule.name, err: error }));
      running.add(run);
      await run.finally(() => running.delete(run));
    });
  });
  return {
    async stop() {
      for (const cron of crons) cron.stop();
      stopping.abort();
      await Promise.all(running);
    },
  };
}
