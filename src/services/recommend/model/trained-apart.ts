import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Trained, TrainingSet } from "./trained-model.ts";

/** Trains on a thread of its own; it is ended with the signal. @throws what training throws, and where it is ended */
export async function trainedApart(set: TrainingSet, signal: AbortSignal): Promise<Trained> {
  const worker = new Worker(new URL("trainer-thread.ts", import.meta.url), { workerData: set });
  const stop = () => void worker.terminate();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const ended = once(worker, "exit").then(() => {
      throw signal.reason ?? new Error("training ended without a model");
    });
    const [trained] = (await Promise.race([once(worker, "message"), ended])) as [Trained]; // As the worker sends it.
    return trained;
  } finally {
    signal.removeEventListener("abort", stop);
    await worker.terminate();
  }
}
