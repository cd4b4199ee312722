import { join } from "node:path";
import { type Call, type Client, type Id, type Job, KinoraError } from "#kernel";
import { bytesOf } from "#kernel/blob/whole";
import { probe, type Probe } from "#media/probe";
import { rejections } from "#media/rejection";
import { RunFailed } from "#media/run";
import { mediaContainer, sniffBytesMax } from "#media/sniff";
import type { Tools } from "#media/tools";
import { rejectionOf, work } from "#media/work";
import type { media } from "#services/media/contract";
import type { Shelf } from "./outputs.ts";
import type { Progress, StepName } from "./progress.ts";

/** What a job works with: everything of one attempt, gone when it is disposed of. */
export interface Attempt extends AsyncDisposable {
  readonly tools: Tools;
  readonly shelf: Shelf;
  /** The uploaded file on the local disk. */
  readonly source: string;
  /** A path in the attempt's own new folder. */
  output(name: string): string;
  /** What the source holds. @throws MediaRejected when it can never be played. */
  probe(): Promise<Probe>;
  /** Runs FFmpeg; its outputs are in the attempt's folder. @throws KinoraError that names the reason */
  run(step: StepName, facts: Probe, args: readonly string[]): Promise<void>;
}

interface AttemptParts {
  readonly job: Pick<Job, "id" | "fence" | "signal" | "progress" | "traceId">;
  readonly mediaId: Id;
  readonly tools: Tools;
  readonly shelf: Shelf;
  readonly client: Client<typeof media>;
  readonly progress: Progress;
  readonly stallMs: number | undefined;
  readonly call: (parts: Partial<Call>) => Call;
}

export async function attempt({
  job,
  mediaId,
  tools,
  shelf,
  client,
  progress,
  stallMs,
  call,
}: AttemptParts): Promise<Attempt> {
  const { blob } = shelf;
  const { signal, traceId } = job;
  const { key, sizeBytes } = await client.source({ id: mediaId }, call({ signal, traceId }));
  const file = await blob.local(key);
  if (!file) throw new Error("the uploaded file is not in the store");
  const folder = await blob.scratch(`transcode-${job.id}-${job.fence}`);
  return {
    tools,
    shelf,
    source: file.path,
    output: (name) => join(folder.path, name),
    async probe() {
      const head = await bytesOf(blob, key, sniffBytesMax);
      if (!head) throw new Error("the uploaded file is not in the store");
      return named(probe(tools, file.path, mediaContainer(head), signal));
    },
    async run(step, facts, args) {
      const fileBytesMax = 2 * sizeBytes + facts.durationMs * bytesPerMsMax + 64 * 2 ** 20;
      await named(
        work(tools, {
          arguments: args,
          reach: { inputs: [file.path], outputFolder: folder.path },
          durationMs: facts.durationMs,
          fileBytesMax,
          isUrgent: step === "remux",
          stallMs,
          signal,
          onProgress: (outTimeMs) => job.progress(progress.at(step, outTimeMs / Math.max(1, facts.durationMs))),
        }),
      );
    },
    async [Symbol.asyncDispose]() {
      await folder[Symbol.asyncDispose]();
      await file[Symbol.asyncDispose]();
    },
  };
}

/** 32 Mbit/s: more than any rendition has. */
const bytesPerMsMax = 4_000;

/** Turns how a process ended into the failure its owner would be told of after the last try. */
async function named<T>(running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (error) {
    if (!(error instanceof RunFailed) || error.reason === "aborted") throw error;
    const code = rejectionOf(error.reason);
    throw new KinoraError({ kind: "internal", code, message: rejections[code], cause: error });
  }
}
