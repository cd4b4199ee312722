import { join } from "node:path";
import { type Call, type Client, type Id, type Job, KinoraError } from "#kernel";
import { bytesOf } from "#kernel/blob/object-bytes";
import type { Disk } from "#kernel/environment/disk";
import { fileUrl } from "#media/lock";
import { probe, type Probe } from "#media/source/probe";
import { type Rejection, rejections } from "#media/rejection";
import { RunFailed } from "#media/process/run";
import { mediaContainer, sniffBytesMax } from "#media/sniff";
import type { Tools } from "#media/process/tools";
import { rejectionOf, work } from "#media/process/work";
import type { media } from "#services/media/contract";
import { isWhole, lengthMsOf } from "../plan/length.ts";
import type { DisabledFormats } from "./disabled-formats.ts";
import { type Shelf, createShelf, type WorkStore } from "./outputs.ts";
import type { Progress, StepName } from "../plan/progress.ts";

/** The files and tools of one attempt of a job; its disposal removes them. */
export interface Attempt extends AsyncDisposable {
  readonly tools: Tools;
  readonly shelf: Shelf;
  /** The uploaded file on the local disk. */
  readonly source: string;
  /** A path in the attempt's own new folder. */
  output(name: string): string;
  /** The facts of the source, and first the likely ones. @throws MediaRejected when it can never be played. */
  probe(onLikely?: (likely: Probe) => void): Promise<Probe>;
  /**
   * Runs FFmpeg; its outputs are in the attempt's folder, and tracks among them play as long as the source, or as
   * `playsMs` where that is less. @throws KinoraError that names the reason
   */
  run(step: StepName, facts: Probe, args: readonly string[], playsMs?: number): Promise<void>;
  /** As {@link run}, where the outputs may last as long as they will. */
  runFreely(step: StepName, facts: Probe, args: readonly string[]): Promise<void>;
  /** The first half of {@link run}, on facts that may turn out to be wrong. */
  runEarly(step: StepName, likely: Probe, args: readonly string[], cancelled: AbortSignal): Promise<void>;
  /** The second half of {@link run}. */
  check(facts: Probe, args: readonly string[], playsMs?: number): Promise<void>;
}

/** The answers of the service media that work on a job needs. */
export type MediaFacts = Pick<Client<typeof media>, "formatsOff" | "source" | "playable">;

interface AttemptParts {
  readonly job: Pick<Job, "id" | "fence" | "signal" | "progress" | "traceId">;
  readonly mediaId: Id;
  readonly tools: Tools;
  readonly blob: WorkStore;
  readonly disk: Disk;
  readonly media: Pick<MediaFacts, "source">;
  readonly progress: Progress;
  readonly stallMs: number;
  readonly disabledFormats: DisabledFormats;
  readonly call: (parts: Partial<Call>) => Call;
}

/** They are short, and what its owner and others see of a video first. */
const urgentSteps: ReadonlySet<StepName> = new Set(["remux", "cover"]);

export async function createAttempt({
  job,
  mediaId,
  tools,
  blob,
  disk,
  media,
  progress,
  stallMs,
  disabledFormats,
  call,
}: AttemptParts): Promise<Attempt> {
  const shelf = createShelf(blob, disk);
  const { signal, traceId } = job;
  const { key, sizeBytes } = await media.source({ id: mediaId }, call({ signal, traceId }));
  const file = await blob.local(key);
  if (!file) throw new Error("the uploaded file is not in the store");
  const folder = await blob.scratch(`transcode-${job.id}-${job.fence}`);

  const ffmpeg = async (step: StepName, facts: Probe, args: readonly string[], signal: AbortSignal) => {
    progress.begin();
    await withRejection(
      work(tools, {
        arguments: args,
        reach: { inputs: [file.path], outputFolder: folder.path },
        durationMs: facts.durationMs,
        fileBytesMax: fileBytesMax(sizeBytes, facts.durationMs),
        priority: urgentSteps.has(step) ? "urgent" : "long",
        stallMs,
        signal,
        onProgress: (outTimeMs) => job.progress(progress.at(step, outTimeMs / Math.max(1, facts.durationMs))),
      }),
    );
  };

  /** An FFmpeg that ends well may have stopped half-way all the same. */
  const check = async (facts: Probe, args: readonly string[], playsMs?: number) => {
    const trackIndexes = await Promise.all(tracksOf(args, folder.path).map((path) => shelf.indexOf(path))).catch(
      (error: unknown) => {
        throw transcodingFailure("media.result_short", error);
      },
    );
    if (trackIndexes.length === 0 || isWhole(trackIndexes, facts, playsMs)) return;
    const lengths = trackIndexes.map((index) => `${Math.round(lengthMsOf(index))} ms`).join(" and ");
    throw transcodingFailure("media.result_short", new Error(`of ${playsMs ?? facts.durationMs} ms came ${lengths}`));
  };

  return {
    tools,
    shelf,
    source: file.path,
    output: (name) => join(folder.path, name),
    async probe(onLikely) {
      const head = await bytesOf(blob, key, sniffBytesMax);
      if (!head) throw new Error("the uploaded file is not in the store");
      const container = mediaContainer(head);
      // Before anything of it is opened; its codecs are known once it was.
      disabledFormats.check({ demuxer: container.demuxer });
      const hopes = (likely: Probe) => disabledFormats.has(likely) || onLikely?.(likely);
      const facts = await withRejection(probe(tools, file.path, container, { signal, onLikely: hopes }));
      disabledFormats.check(facts);
      return facts;
    },
    async run(step, facts, args, playsMs) {
      await ffmpeg(step, facts, args, signal);
      await check(facts, args, playsMs);
    },
    runFreely: (step, facts, args) => ffmpeg(step, facts, args, signal),
    runEarly: (step, likely, args, cancelled) => ffmpeg(step, likely, args, AbortSignal.any([signal, cancelled])),
    check,
    async [Symbol.asyncDispose]() {
      await folder[Symbol.asyncDispose]();
      await file[Symbol.asyncDispose]();
    },
  };
}

/** 32 Mbit/s: more than any rendition has. */
const bytesPerMsMax = 4_000;

/** The most bytes that one output of a file may have. */
export const fileBytesMax = (sizeBytes: number, durationMs: number): number =>
  2 * sizeBytes + durationMs * bytesPerMsMax + 64 * 2 ** 20;

/** Turns a failed run into the failure that the owner sees after the last try. */
async function withRejection<T>(running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (error) {
    if (!(error instanceof RunFailed) || error.reason === "aborted") throw error;
    throw transcodingFailure(rejectionOf(error.reason), error);
  }
}

const transcodingFailure = (code: Rejection, cause: unknown): KinoraError =>
  new KinoraError({ kind: "internal", code, message: rejections[code], cause });

/** The tracks among the files these arguments write into a folder. */
const tracksOf = (args: readonly string[], folder: string): string[] =>
  args.flatMap((arg) => (arg.startsWith(fileUrl(folder)) && arg.endsWith(".mp4") ? [arg.slice("file:".length)] : []));
