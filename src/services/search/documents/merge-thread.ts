import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { mergeSegments } from "../index/segment/merge.ts";
import { type PlainSegment, plainSegment, segmentFromPlain } from "../index/segment/plain-segment.ts";
import { snapshotOf } from "../index/snapshot/snapshot.ts";
import type { MergeResults, MergeTask } from "./background-merge.ts";

/** The program of the thread that merges segments: on Linux a priority is that of the thread alone. */
try {
  setPriority(0, constants.priority.PRIORITY_LOW);
} catch {
  // The thread keeps its normal priority if the system refuses a lower one.
}
const { segments: count, result } = workerData as MergeTask; // Given by `mergeInBackground`.
const mergedSegment = mergeSegments((await receiveSegments(count)).map(segmentFromPlain));
if (result === "snapshot") {
  // Versions of removed documents are not needed: the rows that changed since are read anew.
  const frames: MergeResults["snapshot"] = snapshotOf({
    segments: mergedSegment.size > 0 ? [mergedSegment] : [],
    tombstones: [],
  });
  parentPort?.postMessage(
    frames,
    frames.map(({ buffer }) => buffer as ArrayBuffer), // Each frame has its own.
  );
} else {
  const { dictionary, columns, ...arrays } = mergedSegment.arrays;
  const all = [
    ...Object.values(arrays),
    ...columns.values(),
    dictionary.units,
    dictionary.starts,
    mergedSegment.deleted,
  ];
  const answer: MergeResults["segment"] = plainSegment(mergedSegment);
  parentPort?.postMessage(answer, [...new Set(all.map(({ buffer }) => buffer as ArrayBuffer))]); // Made by `merged`.
}

function receiveSegments(count: number): Promise<PlainSegment[]> {
  const segments: PlainSegment[] = [];
  return new Promise((resolve) => {
    if (count === 0) resolve(segments);
    parentPort?.on("message", (segment: PlainSegment) => {
      if (segments.push(segment) === count) resolve(segments);
    });
  });
}
