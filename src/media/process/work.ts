import type { Rejection } from "../rejection.ts";
import { run, type RunFailure, type RunOptions, type RunResult } from "./run.ts";
import type { Priority, Reach } from "./sandbox.ts";
import type { Tools } from "./tools.ts";

export interface Work {
  readonly arguments: readonly string[];
  readonly reach: Reach;
  /** The duration of the media; time limits grow with it. */
  readonly durationMs: number;
  /** The most bytes of one output file. */
  readonly fileBytesMax: number;
  readonly priority?: Priority;
  /** Ends the child after this long without progress. */
  readonly stallMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onStart?: RunOptions["onStart"];
  readonly onProgress?: RunOptions["onProgress"];
}

/** Runs FFmpeg in the sandbox with limits that fit the length of the media. Throws `RunFailed`. */
export function work(tools: Tools, job: Work): Promise<RunResult> {
  const cpuSeconds = 60 + (40 * job.durationMs) / 1000;
  return run(tools.children, {
    command: tools.sandbox.wrap(
      [tools.ffmpeg.path, ...job.arguments],
      { cpuSeconds, fileBytes: job.fileBytesMax, ...(job.priority !== undefined && { priority: job.priority }) },
      job.reach,
    ),
    cpuSeconds,
    // A busy machine gives a fraction of a core.
    deadlineMs: Math.min(2 ** 31 - 1, cpuSeconds * 4000),
    stallMs: job.stallMs,
    signal: job.signal,
    ...(job.onStart !== undefined && { onStart: job.onStart }),
    ...(job.onProgress !== undefined && { onProgress: job.onProgress }),
  });
}

/** The answer to the owner when no further attempt is made. */
export const rejectionOf = (reason: RunFailure): Rejection =>
  reason === "stalled" || reason === "deadline"
    ? "media.too_slow"
    : reason === "limit"
      ? "media.too_costly"
      : reason === "killed"
        ? "media.short_of_memory"
        : "media.decoder_failed";
