import type { Db } from "#kernel";
import type { PublicationSchedule } from "./publication/schedule.ts";
import * as store from "./store.ts";

/** Findings about videos that contradict their media or their schedule, for `verify`. */
export async function* inconsistencies(
  db: Db<store.Tables>,
  { overdue }: Pick<PublicationSchedule, "overdue">,
): AsyncIterable<string> {
  for (const { id } of await overdue()) yield `video ${id} should have been published`;
  for (const { id, status, state } of await store.inconsistentStatuses(db))
    yield `video ${id} has status ${status} and its media is ${state}`;
  for (const { id } of await store.overdueReplacements(db)) yield `video ${id} waits for media that is ready`;
}
