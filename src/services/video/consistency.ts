import type { Db } from "#kernel";
import type { planning } from "./publication/schedule.ts";
import * as store from "./store.ts";

/** Findings about videos that contradict their media or their schedule, for `verify`. */
export async function* inconsistencies(
  db: Db<store.Tables>,
  { forgotten }: Pick<ReturnType<typeof planning>, "forgotten">,
): AsyncIterable<string> {
  for (const { id } of await forgotten()) yield `video ${id} should have been published`;
  for (const { id, status, state } of await store.misjudged(db))
    yield `video ${id} has status ${status} and its media is ${state}`;
  for (const { id } of await store.overdue(db)) yield `video ${id} waits for media that is ready`;
}
