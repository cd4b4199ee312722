import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { Dictionary } from "../index/segment/dictionary.ts";
import { merged } from "../index/segment/merge.ts";
import { Segment } from "../index/segment/segment.ts";
import { snapshotOf } from "../index/snapshot/snapshot.ts";
import type { PlainSegment } from "./snapshot-apart.ts";

/** The program of the thread that writes snapshots: on Linux a priority is that of the thread alone. */
try {
  setPriority(0, constants.priority.PRIORITY_LOW);
} catch {
  // Where the system refuses it, the thread takes its share like others.
}
const plain = workerData as readonly PlainSegment[]; // Given by `snapshotApart`.
const segments = plain.map(
  ({ arrays, dictionary, deleted }) =>
    new Segment({ ...arrays, dictionary: new Dictionary(dictionary.units, dictionary.starts) }, deleted),
);
const one = merged(segments);
// Versions of removed documents are not needed: the rows that changed since are read anew.
const frames = snapshotOf({ segments: one.size > 0 ? [one] : [], tombstones: [] });
parentPort?.postMessage(
  frames,
  frames.map(({ buffer }) => buffer as ArrayBuffer), // Each frame has its own.
);
