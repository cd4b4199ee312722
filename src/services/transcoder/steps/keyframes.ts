import { compatibility } from "#media/compatible";
import { checkedPlaces, isNoise, keyframeArguments } from "#media/keyframe-check";
import type { Probe } from "#media/probe";
import { MediaRejected } from "#media/rejection";
import { isVerdict, type RunFailed } from "#media/run";
import type { Attempt } from "../attempt/attempt.ts";
import { hasPicture } from "../plan/plan.ts";
import type { SpeculativeWork } from "./speculative-work.ts";

type Decoder = Pick<Attempt, "source" | "runFreely" | "runEarly">;

/** Decodes key frames of what likely is published as it is, while its packets are still counted. */
export function checkEarly(attempt: Decoder, likely: Probe, speculativeWork: SpeculativeWork): void {
  if (!hasPicture(likely) || compatibility(likely).video !== "copy") return;
  const args = keyframeArguments(attempt.source, likely, checkedPlaces);
  speculativeWork.begin(args, (givenUp) => attempt.runEarly("probe", likely, args, givenUp));
}

/**
 * The facts of a source after some of its key frames were decoded, where it would be published as it is: players end at a
 * damaged one, which an encode conceals. @throws MediaRejected when none of them is a picture
 */
export async function withKeyframes(attempt: Decoder, facts: Probe, speculativeWork: SpeculativeWork): Promise<Probe> {
  if (!hasPicture(facts) || compatibility(facts).video !== "copy") return facts;
  const args = keyframeArguments(attempt.source, facts, checkedPlaces);
  const isSound = async () => {
    if (!(await speculativeWork.ended(args))) await attempt.runFreely("probe", facts, args);
  };
  if ((await failureOf(isSound())) === undefined) return facts;
  const failures: (RunFailed | undefined)[] = [];
  for (const place of checkedPlaces)
    failures.push(
      await failureOf(attempt.runFreely("probe", facts, keyframeArguments(attempt.source, facts, [place]))),
    );
  if (failures.every((failure) => failure !== undefined && isNoise(failure.messages)))
    throw new MediaRejected("media.unreadable", { cause: failures[0] });
  return { ...facts, video: { ...facts.video, isDamaged: true } };
}

/** What the decoder says against the file. @throws what a run failed for otherwise */
async function failureOf(running: Promise<void>): Promise<RunFailed | undefined> {
  try {
    await running;
    return undefined;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (isVerdict(cause)) return cause;
    throw error;
  }
}
