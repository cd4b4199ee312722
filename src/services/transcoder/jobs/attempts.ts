import { transcodeProgress } from "#events/transcoder";
import { type Host, type Job, KinoraError, type Tx } from "#kernel";
import type { Disk } from "#kernel/environment/disk";
import { MediaRejected } from "#media/rejection";
import { RunFailed } from "#media/process/run";
import type { Supply } from "#media/process/supply";
import { type Attempt, createAttempt, type MediaFacts } from "../attempt/attempt.ts";
import type { WorkStore } from "../attempt/outputs.ts";
import { DisabledFormats } from "../attempt/disabled-formats.ts";
import { Progress } from "../plan/progress.ts";
import type { Settings } from "../settings.ts";
import type { MemoryShortage } from "./memory-shortage.ts";
import { publishFailed } from "./outcome.ts";
import type { Task, TaskKind } from "./task.ts";

/** Everything that work on a job needs, in a process of the service or on a runner. */
export interface TranscodeHost extends Pick<Host, "emit" | "call" | "log" | "now"> {
  readonly blob: WorkStore;
  readonly media: MediaFacts;
  readonly settings: Pick<Settings, "ladder" | "stallMs" | "shortageMs">;
  readonly disk: Disk;
  /** Adds a job of a task with the results of the one before. */
  addJob(tx: Tx<unknown>, kind: TaskKind, task: Task): Promise<unknown>;
}
export type RunAttempt = (
  running: Job<Task>,
  work: (at: Attempt, progress: Progress) => Promise<void>,
) => Promise<void>;

export const toolsRetryMs = 60_000;
/** A file that could not be processed for want of memory is given up after this long. */
const shortageMsMax = 24 * 3_600_000;

/** Runs an attempt of a job. A file that can never be played fails its task immediately, without a retry. */
export const createAttemptRunner =
  (host: TranscodeHost, supply: Supply, shortage: MemoryShortage): RunAttempt =>
  async (running, work) => {
    const { emit, blob, settings, disk, media, call } = host;
    const { payload: task } = running;
    const { taskId, mediaId } = task;
    const tools = await supply.tools();
    if (!tools) return running.putOff(toolsRetryMs, "there is no FFmpeg");
    if (shortage.isBusy) return running.putOff(settings.shortageMs, "memory is short");
    const progress = new Progress(({ percent, step, secondsLeft }) =>
      running.step((tx) =>
        emit(tx, transcodeProgress, mediaId, { taskId, mediaId, progress: percent, step, secondsLeft }),
      ),
    );
    try {
      const { signal, traceId } = running;
      const disabledFormats = new DisabledFormats(await media.formatsOff({}, call({ signal, traceId })));
      // The facts of an earlier job are not probed again.
      if (task.facts) disabledFormats.check(task.facts);
      await shortage.during(async () => {
        await using at = await createAttempt({
          job: running,
          mediaId,
          tools,
          blob,
          disk,
          media,
          progress,
          stallMs: settings.stallMs,
          disabledFormats,
          call,
        });
        await work(at, progress);
      });
    } catch (error) {
      if (isShortOfMemory(error) && host.now() - running.createdAtMs < shortageMsMax) {
        host.log.warn("a media process was ended from outside, and its job waits", { jobId: running.id, err: error });
        return await running.putOff(shortage.recordKill(), "memory is short");
      }
      if (!(error instanceof MediaRejected)) throw error;
      await running.finish((tx) => publishFailed(host, tx, task, error.code));
    } finally {
      await progress.waitForReports();
    }
  };

/** True if a media process was killed from outside while it probed or transcoded. */
const isShortOfMemory = (error: unknown): boolean =>
  (error instanceof KinoraError && error.code === "media.short_of_memory") ||
  (error instanceof RunFailed && error.reason === "killed");
