import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type PlainSegment, plainSegment, segmentFromPlain } from "../index/segment/plain-segment.ts";
import type { Segment } from "../index/segment/segment.ts";

/** The answer of the thread to each kind of task. */
export interface MergeResults {
  readonly segment: PlainSegment;
  /** The frames of a snapshot. */
  readonly snapshot: readonly Uint8Array[];
}
export interface MergeTask {
  /** The number of segments that follow, each in a message. */
  readonly segments: number;
  readonly result: keyof MergeResults;
}

/** All live documents in one segment, made on a thread of its own. @throws where it is ended */
export const mergedInBackground = async (segments: readonly Segment[], signal: AbortSignal): Promise<Segment> =>
  segmentFromPlain(await mergeInBackground(segments, "segment", signal));

/** The frames of a snapshot of all live documents, made on a thread of its own. @throws where it is ended */
export const snapshotInBackground = (
  segments: readonly Segment[],
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> => mergeInBackground(segments, "snapshot", signal);

async function mergeInBackground<R extends keyof MergeResults>(
  segments: readonly Segment[],
  result: R,
  signal: AbortSignal,
): Promise<MergeResults[R]> {
  signal.throwIfAborted();
  const plain = segments.map(plainSegment);
  const workerData: MergeTask = { segments: plain.length, result };
  const worker = new Worker(new URL("merge-thread.ts", import.meta.url), { workerData });
  const stop = () => void worker.terminate();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const ended = once(worker, "exit").then(() => {
      throw signal.reason ?? new Error("the thread ended before its segments were merged");
    });
    const [message] = await Promise.all([Promise.race([once(worker, "message"), ended]), send(plain, worker)]);
    const [answer] = message as [MergeResults[R]]; // As the thread sends it.
    return answer;
  } finally {
    signal.removeEventListener("abort", stop);
    await worker.terminate();
  }
}

/** One at a time, as each is copied: searches and requests have their turn in between. */
async function send(segments: readonly PlainSegment[], worker: Worker): Promise<void> {
  for (const segment of segments) {
    worker.postMessage(segment, []);
    await setImmediate();
  }
}
