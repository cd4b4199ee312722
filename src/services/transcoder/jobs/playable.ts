import { transcodingStarted } from "#events/transcoder";
import type { Job } from "#kernel";
import { compatibility } from "#media/renditions/compatible";
import type { Probe } from "#media/source/probe";
import { provisionalProfile } from "#media/renditions/rung";
import type { Attempt } from "../attempt/attempt.ts";
import { stepsOf } from "../plan/cost.ts";
import { rungsFor } from "../plan/plan.ts";
import type { Progress } from "../plan/progress.ts";
import { beginEarly, firstMade, firstStep, makeCover, makeFirst, NotCopyable } from "../steps/first-rendition.ts";
import { checkEarly, decodable } from "../steps/decode-check.ts";
import { SpeculativeWork } from "../steps/speculative-work.ts";
import { otherSoundsOf, readCaptions } from "../steps/sounds-and-captions.ts";
import type { RunAttempt, TranscodeHost } from "./attempts.ts";
import { publishCompleted } from "./outcome.ts";
import type { Task } from "./task.ts";

/** The jobs that make a file playable: `first` where it only needs repackaging, `quick` where it has to be encoded. */
export function createPlayableJobs(host: TranscodeHost, runAttempt: RunAttempt) {
  const { emit, settings, log } = host;

  /** Makes and publishes the first rendition, then the cover and captions, and adds the job for the rest. */
  async function makePlayable(
    running: Job<Task>,
    at: Attempt,
    progress: Progress,
    facts: Probe,
    speculativeWork = new SpeculativeWork(),
  ): Promise<void> {
    const { payload: task, signal } = running;
    const plan = compatibility(facts);
    const rungs = rungsFor(facts, { requested: task.profiles, profiles: settings.ladder, made: firstMade(facts) });
    const steps = stepsOf(facts, plan, rungs);
    progress.steps = steps;
    running.progress(progress.at(firstStep(plan), 0));
    const playable = await makeFirst(at, facts, speculativeWork);
    await running.step((tx) => publishCompleted(host, tx, task, facts, { ...playable, isLast: false }));
    const cover = await makeCover(at, facts, signal);
    const captions = await readCaptions({ attempt: at, facts, log, signal });
    const isLast = rungs.length === 0 && otherSoundsOf(facts) === 0;
    await progress.waitForReports();
    await running.finish(async (tx) => {
      await publishCompleted(host, tx, task, facts, { cover, captions, isLast });
      const { renditions } = playable;
      const firstIndexKey = renditions[0]?.video?.indexKey;
      await host.addJob(tx, isLast ? "extras" : "ladder", {
        ...task,
        facts,
        made: renditions.map(({ profile }) => profile),
        rates: renditions.flatMap(({ profile, width, height, bitrateBps }) =>
          profile === provisionalProfile ? [] : [{ width, height, bitrateBps }],
        ),
        steps,
        ...(firstIndexKey !== undefined && { firstIndexKey }),
      });
    });
  }

  return {
    first: (running: Job<Task>) =>
      runAttempt(running, async (at, progress) => {
        const { payload: task } = running;
        const { taskId, mediaId } = task;
        await using speculativeWork = new SpeculativeWork();
        await using speculativeCheck = new SpeculativeWork();
        const [probed] = await Promise.all([
          at.probe((likely) => {
            beginEarly(at, likely, speculativeWork);
            checkEarly(at, likely, speculativeCheck);
          }),
          running.step((tx) => emit(tx, transcodingStarted, mediaId, { taskId, mediaId })),
        ]);
        const facts = await decodable(at, probed, speculativeCheck);
        const encodeInstead = (encoded: Probe) =>
          running.finish(async (tx) => {
            await host.addJob(tx, "quick", { ...task, facts: encoded });
          });
        if (firstStep(compatibility(facts)) !== "remux") return await encodeInstead(facts);
        try {
          await makePlayable(running, at, progress, facts, speculativeWork);
        } catch (error) {
          if (!(error instanceof NotCopyable) || !facts.video) throw error;
          // A run that failed once may have done so for reasons of the machine.
          if (error.cause !== undefined && running.attempt === 1) throw error.cause;
          await encodeInstead({ ...facts, video: { ...facts.video, isDamaged: true } });
        }
      }),

    quick: (running: Job<Task>) =>
      runAttempt(running, async (at, progress) =>
        makePlayable(running, at, progress, running.payload.facts ?? (await at.probe())),
      ),
  };
}
