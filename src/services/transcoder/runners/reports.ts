import type { Handlers, Tx } from "#kernel";
import { StaleLease } from "#kernel/jobs/queue";
import { withTrace } from "#kernel/trace";
import type { transcoder } from "../contract.ts";
import { addJob } from "../jobs/task.ts";
import type { Tables } from "../store.ts";
import { ForeignFile, OutputsTooLarge } from "./contract.ts";
import type { LoanParts, Loans } from "./loans.ts";
import { readResults } from "./results.ts";
import * as store from "./store.ts";

type ReportHandlers = Pick<
  Handlers<typeof transcoder>,
  "reportRunnerJob" | "runnerFile" | "runnerOutput" | "addRunnerOutput"
>;

/** Takes what runners make of their jobs, and gives them what they make it of. */
export function createReports({ heldBy }: Loans, { host }: LoanParts): ReportHandlers {
  const { db, jobs, emit } = host;
  return {
    async reportRunnerJob({ number, isLast, events, tasks, ...holding }) {
      const { runner, queue, job, lent, task } = await heldBy(holding);
      // The answer to it was lost.
      if (number <= lent.reports) return {};
      const results = readResults({ kind: lent.kind, task }, lent.output_keys, { events, tasks });
      const commit = async (tx: Tx<Tables>) => {
        if (!(await store.countReport(tx, job.id, job.fence, number))) throw StaleLease({});
        for (const { type, payload } of results.events) await emit(tx, type, task.mediaId, payload);
        for (const { kind, task: next } of results.tasks) await addJob(jobs, tx, kind, next);
        if (!isLast) return;
        await store.forgetLent(tx, job.id, job.fence);
        await store.countJob(tx, runner.id, "jobs_done");
      };
      await withTrace(job.trace_id, () => (isLast ? queue.finish(job, commit) : queue.step(job, commit)));
      return {};
    },

    async runnerFile({ key, ...holding }) {
      const { lent } = await heldBy(holding);
      if (!lent.input_keys.includes(key)) throw ForeignFile({});
      return { key };
    },

    async runnerOutput(holding) {
      const { lent } = await heldBy(holding);
      return { bytesMax: lent.output_bytes_max - lent.output_bytes };
    },

    async addRunnerOutput({ key, sizeBytes, ...holding }) {
      const { lent, job } = await heldBy(holding);
      if (!(await db.tx((tx) => store.addOutput(tx, job.id, job.fence, { key, sizeBytes }))))
        throw OutputsTooLarge({ bytesMax: lent.output_bytes_max });
      return {};
    },
  };
}
