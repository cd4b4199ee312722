import type { Job } from "#kernel";
import type { Supply } from "#media/process/supply";
import { createAttemptRunner, type TranscodeHost } from "./attempts.ts";
import { createExtrasJob } from "./extras-job.ts";
import { createLadderJob } from "./ladder.ts";
import type { MemoryShortage } from "./memory-shortage.ts";
import { createPlayableJobs } from "./playable.ts";
import type { Task, TaskKind } from "./task.ts";

/** The work of each kind of job: bytes in, bytes out, the same in a process of the service and on a runner. */
export function createWork(
  host: TranscodeHost,
  supply: Supply,
  shortage: MemoryShortage,
): Readonly<Record<TaskKind, (running: Job<Task>) => Promise<void>>> {
  const runAttempt = createAttemptRunner(host, supply, shortage);
  const { first, quick } = createPlayableJobs(host, runAttempt);
  return {
    first,
    quick,
    ladder: createLadderJob(host, runAttempt),
    extras: createExtrasJob(host, supply, shortage),
  };
}
