import {
  transcodeProgress,
  transcodingCompleted,
  transcodingExtras,
  transcodingFailed,
  transcodingStarted,
} from "#events/transcoder";
import type { EventType } from "#kernel";
import { isKey } from "#kernel/blob/port";
import { TaskResults } from "../jobs/task-schema.ts";
import type { Task, TaskKind } from "../jobs/task.ts";
import { ForeignResults } from "./contract.ts";

const eventTypes: ReadonlyMap<string, EventType> = new Map(
  [transcodingStarted, transcodeProgress, transcodingCompleted, transcodingExtras, transcodingFailed].map((type) => [
    type.name,
    type,
  ]),
);
/** The kinds of job that may follow on a job, so that no circle of jobs can be added. */
const following: Readonly<Record<TaskKind, readonly TaskKind[]>> = {
  first: ["quick", "ladder", "extras"],
  quick: ["ladder", "extras"],
  ladder: ["extras"],
  extras: [],
};

interface Reported {
  readonly events: readonly { readonly type: string; readonly payload: string }[];
  readonly tasks: readonly { readonly kind: TaskKind; readonly payload: string }[];
}
export interface Results {
  readonly events: readonly { readonly type: EventType; readonly payload: unknown }[];
  readonly tasks: readonly { readonly kind: TaskKind; readonly task: Task }[];
}

/**
 * The results of a job, as its runner reported them: they are about the task of the job, and name only files that the
 * runner has sent for it. Pure. @throws ForeignResults
 */
export function readResults(
  { kind, task }: { readonly kind: TaskKind; readonly task: Task },
  outputKeys: readonly string[],
  { events, tasks }: Reported,
): Results {
  const { taskId, mediaId } = task;
  const sent = new Set(outputKeys);
  const isOwn = (value: unknown) => keysIn(value).every((key) => sent.has(key));
  return {
    events: events.map(({ type: name, payload: text }) => {
      const type = eventTypes.get(name);
      const payload = objectIn(text);
      const about = { ...payload };
      const isAbout = about["mediaId"] === mediaId && (about["taskId"] === taskId || type === transcodingExtras);
      if (!type?.payload.safeParse(payload).success || !isAbout || !isOwn(payload)) throw ForeignResults({});
      return { type, payload };
    }),
    tasks: tasks.map(({ kind: next, payload }) => {
      const results = TaskResults.safeParse(objectIn(payload));
      if (!following[kind].includes(next) || !results.success) throw ForeignResults({});
      // A key that an earlier job of the task passed on belongs to the task already.
      const { firstIndexKey, ...named } = results.data;
      const isPassedOn = firstIndexKey === undefined || firstIndexKey === task.firstIndexKey || sent.has(firstIndexKey);
      if (!isPassedOn || !isOwn(named)) throw ForeignResults({});
      const { userId, profiles } = task;
      const fixed = { taskId, mediaId, profiles, ...(userId !== undefined && { userId }) };
      return { kind: next, task: { ...results.data, ...fixed } };
    }),
  };
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // It is refused below as any other text is that is no object.
  }
  throw ForeignResults({});
}

/** Every text in a value that is the key of a stored object. */
function keysIn(value: unknown): string[] {
  if (typeof value === "string") return isKey(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(keysIn);
}
