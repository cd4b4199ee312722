import { type Handlers, type JobKind, KinoraError } from "#kernel";
import type { transcoder } from "../contract.ts";
import type { LoanParts, Loans } from "./loans.ts";
import { assertProtocol, runnerOf } from "./registry.ts";
import * as store from "./store.ts";

type LenderHandlers = Pick<
  Handlers<typeof transcoder>,
  "requestRunnerJob" | "renewRunnerJob" | "putOffRunnerJob" | "failRunnerJob"
>;

/** A runner without a job asks again after this long. */
const idleMs = 2_000;
/** The record of a request is written at most this often. */
const seenEveryMs = 5_000;
/** Records of jobs whose runners were silent for longer are forgotten. */
const forgottenMs = 24 * 3_600_000;

/** Lends jobs to runners, with the leases and fences of the jobs of a local pool. */
export function createLender(
  { queueOf, leaseMsOf, heldBy, lend }: Loans,
  { host, serverVersion, ...parts }: LoanParts,
): LenderHandlers {
  const { db, now } = host;
  return {
    async requestRunnerJob({ runnerToken, kinds: wanted, version, protocol, address }, from) {
      const runner = await runnerOf(db, runnerToken);
      assertProtocol(protocol, serverVersion);
      const seen = { seen_at_ms: now(), version, address };
      if (now() - runner.seen_at_ms > seenEveryMs || runner.address !== address || runner.version !== version)
        await db.tx(async (tx) => {
          await store.recordContact(tx, runner.id, seen);
          await store.forgetLentBefore(tx, now() - forgottenMs);
        });
      const queue = queueOf(runner);
      const isOpen = ({ kind }: JobKind) =>
        wanted.some((name) => name === kind) && parts.lent.some((name) => name === kind);
      await queue.recoverLost();
      const claimed = await queue.claim(parts.kinds.filter(isOpen));
      if (!("job" in claimed)) return { job: null, wait: idleMs };
      try {
        return { job: await lend(runner, claimed.job, from), wait: 0 };
      } catch (error) {
        await queue.fail(claimed.job, error);
        return { job: null, wait: idleMs };
      }
    },

    async renewRunnerJob({ progress, ...holding }) {
      const { runner, queue, job } = await heldBy(holding);
      const { id, fence } = holding;
      const isHeld = await queue.renew(job, leaseMsOf(job.kind), progress);
      const nowMs = now();
      await db.tx(async (tx) => {
        await store.recordProgress(tx, id, fence, progress, nowMs);
        if (nowMs - runner.seen_at_ms > seenEveryMs)
          await store.recordContact(tx, runner.id, { ...runner, seen_at_ms: nowMs });
      });
      return { isHeld };
    },

    async putOffRunnerJob({ delay, reason, ...holding }) {
      const { queue, job } = await heldBy(holding);
      await queue.putOff(job, delay, reason);
      await db.tx((tx) => store.forgetLent(tx, job.id, job.fence));
      return {};
    },

    async failRunnerJob({ code, message, ...holding }) {
      const { runner, queue, job } = await heldBy(holding);
      await queue.fail(job, new KinoraError({ kind: "internal", code, message }));
      await db.tx(async (tx) => {
        await store.forgetLent(tx, job.id, job.fence);
        await store.countJob(tx, runner.id, "jobs_failed");
      });
      return {};
    },
  };
}
