import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { train, type TrainingSet } from "./trained-model.ts";

/** The program of the thread that trains: on Linux a priority is that of the thread alone. */
try {
  setPriority(0, constants.priority.PRIORITY_LOW);
} catch {
  // Training keeps its normal priority if the system refuses a lower one.
}
const trained = train(workerData as TrainingSet); // Given by `trainedApart`.
parentPort?.postMessage(trained, [trained.table.items.buffer, trained.table.scores.buffer] as ArrayBuffer[]); // As it was made.
