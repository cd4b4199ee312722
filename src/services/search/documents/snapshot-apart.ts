import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Segment, SegmentArrays } from "../index/segment/segment.ts";

/** A segment as threads pass it on. */
export interface PlainSegment {
  readonly arrays: Omit<SegmentArrays, "dictionary">;
  readonly dictionary: Pick<SegmentArrays["dictionary"], "units" | "starts">;
  readonly deleted: Uint8Array;
}

/** The frames of a snapshot of all live documents in one segment, made on a thread of its own. @throws where it is ended */
export async function snapshotApart(segments: readonly Segment[], signal: AbortSignal): Promise<Uint8Array[]> {
  const workerData = segments.map(({ arrays: { dictionary, ...arrays }, deleted }): PlainSegment => {
    const { units, starts } = dictionary;
    return { arrays, dictionary: { units, starts }, deleted };
  });
  const worker = new Worker(new URL("snapshot-thread.ts", import.meta.url), { workerData });
  const stop = () => void worker.terminate();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const ended = once(worker, "exit").then(() => {
      throw signal.reason ?? new Error("the thread ended without a snapshot");
    });
    const [frames] = (await Promise.race([once(worker, "message"), ended])) as [Uint8Array[]]; // As the worker sends it.
    return frames;
  } finally {
    signal.removeEventListener("abort", stop);
    await worker.terminate();
  }
}
