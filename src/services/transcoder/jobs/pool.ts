import { type Host, type Job, job, type KinoraError } from "#kernel";
import type { Settings } from "../settings.ts";
import { publishFailed } from "./outcome.ts";
import type { Task, TaskKind } from "./task.ts";

const limits = { attemptsMax: 3, leaseMs: 30_000 };

/** `leaves`: the slots of the pool that a kind of job leaves to others. */
const places: Readonly<Record<TaskKind, { readonly priority: number; readonly leaves: number }>> = {
  first: { priority: 20, leaves: 0 },
  quick: { priority: 20, leaves: 1 },
  ladder: { priority: 10, leaves: 2 },
  extras: { priority: 0, leaves: 2 },
};

/**
 * The kinds of job share a pool. One slot is always left to new uploads, and another to files that need a quick encode.
 * So the first picture of a video never waits for the long film of another user.
 */
export function createPoolJobs(host: Pick<Host<unknown, Settings>, "emit" | "settings">) {
  const { workers } = host.settings;
  const slots = workers + 2;
  const base = (kind: TaskKind) => ({
    ...limits,
    ...places[kind],
    kind,
    // Every kind of job leaves slots to others, also in a process that runs none.
    pool: { name: "ffmpeg", slots: Math.max(slots, 3) },
    concurrency: workers === 0 ? 0 : slots,
  });
  return {
    /** A job whose failure fails the task. */
    required: (kind: TaskKind, run: (running: Job<Task>) => Promise<void>) =>
      job<Task>({
        ...base(kind),
        run,
        onGiveUp: (tx, { payload }, { code }: KinoraError) => publishFailed(host, tx, payload, code),
      }),

    /** A job whose failure leaves the task as it is. */
    optional: (kind: TaskKind, run: (running: Job<Task>) => Promise<void>) => job<Task>({ ...base(kind), run }),
  };
}
