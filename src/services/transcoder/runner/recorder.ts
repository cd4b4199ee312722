import assert from "node:assert/strict";
import type { Tx } from "#kernel";
import type { TranscodeHost } from "../jobs/attempts.ts";

/** Results of a job on their way to the home, which commits them. */
export interface Recording {
  readonly events: { type: string; payload: string }[];
  readonly tasks: { kind: string; payload: string }[];
}

/** Stands in for the transaction of a job's results: what would be written in it is recorded. */
export class Recorder implements Pick<TranscodeHost, "emit" | "addJob"> {
  readonly #recordings = new WeakMap<object, Recording>();

  async record<T>(results: (tx: Tx<T>) => Promise<void>): Promise<Recording> {
    const recording: Recording = { events: [], tasks: [] };
    const tx = {};
    this.#recordings.set(tx, recording);
    // Results reach it by this recorder alone, which reads nothing of it.
    await results(tx as never);
    return recording;
  }

  readonly emit: TranscodeHost["emit"] = async (tx, type, _, payload) => {
    this.#of(tx).events.push({ type: type.name, payload: JSON.stringify(type.payload.parse(payload)) });
  };

  readonly addJob: TranscodeHost["addJob"] = async (tx, kind, task) => {
    this.#of(tx).tasks.push({ kind, payload: JSON.stringify(task) });
  };

  #of(tx: object): Recording {
    const recording = this.#recordings.get(tx);
    assert.ok(recording, "results are recorded while they are made");
    return recording;
  }
}
