import type { Demuxer } from "../container.ts";
import { run, type RunResult } from "../process/run.ts";
import type { Tools } from "../process/tools.ts";

/** An uploaded file that is looked at. */
export interface Source {
  readonly tools: Tools;
  readonly path: string;
  readonly demuxer: Demuxer;
  readonly sizeBytes: number;
  readonly signal: AbortSignal | undefined;
}

const cpuSecondsMax = 120;

/** Runs a program on a source in the sandbox. @throws RunFailed */
export const ask = (
  { tools, path, sizeBytes, signal }: Source,
  command: readonly string[],
  onOutput?: (text: string) => void,
): Promise<RunResult> =>
  run(tools.children, {
    cpuSeconds: cpuSecondsMax,
    command: tools.sandbox.wrap(
      command,
      { cpuSeconds: cpuSecondsMax, fileBytes: 1024 ** 2, priority: "urgent" },
      { inputs: [path] },
    ),
    // Reading at 20 MB/s at the least, besides what opening takes.
    deadlineMs: 30_000 + sizeBytes / 20_000,
    signal,
    ...(onOutput !== undefined && { onOutput }),
  });
