import type { Host, Job } from "#kernel";
import { MediaRejected } from "#media/rejection";
import { media } from "#services/media/contract";
import { type Attempt, attempt } from "../attempt/attempt.ts";
import type { Supply } from "../attempt/media-tools.ts";
import { DisabledFormats } from "../attempt/disabled-formats.ts";
import { transcodeProgress } from "../contract.ts";
import { Progress } from "../plan/progress.ts";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import { publishFailed } from "./outcome.ts";
import type { Task } from "./task.ts";

export type TranscodeHost = Pick<
  Host<Tables, Settings>,
  "emit" | "blob" | "jobs" | "settings" | "environment" | "client" | "call" | "log"
>;
export type RunAttempt = (
  running: Job<Task>,
  work: (at: Attempt, progress: Progress) => Promise<void>,
) => Promise<void>;

export const toolsRetryMs = 60_000;

/** Runs an attempt of a job. A file that can never be played fails its task immediately, without a retry. */
export const attemptRunner =
  (host: TranscodeHost, supply: Supply): RunAttempt =>
  async (running, work) => {
    const { emit, blob, settings, environment, client, call } = host;
    const { payload: task } = running;
    const { taskId, mediaId } = task;
    const tools = await supply.tools();
    if (!tools) return running.putOff(toolsRetryMs, "there is no FFmpeg");
    const progress = new Progress(({ percent, step, secondsLeft }) =>
      running.step((tx) =>
        emit(tx, transcodeProgress, mediaId, { taskId, mediaId, progress: percent, step, secondsLeft }),
      ),
    );
    try {
      const { signal, traceId } = running;
      const disabledFormats = new DisabledFormats(await client(media).formatsOff({}, call({ signal, traceId })));
      // The facts of an earlier job are not probed again.
      if (task.facts) disabledFormats.check(task.facts);
      await using at = await attempt({
        job: running,
        mediaId,
        tools,
        blob,
        disk: environment.disk,
        client: client(media),
        progress,
        stallMs: settings.stallMs,
        disabledFormats,
        call,
      });
      await work(at, progress);
    } catch (error) {
      if (!(error instanceof MediaRejected)) throw error;
      await running.finish((tx) => publishFailed(host, tx, task, error.code));
    } finally {
      await progress.settled();
    }
  };
