import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { type Compatibility, compatibility } from "#media/compatible";
import { coverArguments } from "#media/cover";
import { encodeArguments } from "#media/encode";
import { redrawn } from "#media/picture";
import type { Probe } from "#media/probe";
import { remuxArguments } from "#media/remux";
import { quickRung } from "#media/rung";
import type { ReadyRendition, StoredObject, Track } from "#services/media/contract";
import type { Attempt } from "./attempt.ts";
import type { HeadStart } from "./head-start.ts";
import { keepBytes, type KeptTrack, keepTrack } from "./outputs.ts";
import { hasPicture, sourceProfile } from "./plan.ts";

export interface Playable {
  readonly renditions: z.output<typeof ReadyRendition>[];
  readonly audio: z.output<typeof Track> | null;
}

/** `remux` where the source only needs another wrapping, else `quick`. */
export const firstStep = (plan: Compatibility): "remux" | "quick" => (plan.video === "encode" ? "quick" : "remux");

/** What FFmpeg is told to do first, and where that leaves the results. Pure. */
function firstRun(attempt: Attempt, facts: Probe) {
  const plan = compatibility(facts);
  const video = attempt.output("video.mp4");
  const audio = attempt.output("audio.mp4");
  const files = { ...(facts.video && { video }), ...(facts.audio && { audio }) };
  const rung = plan.video === "encode" && hasPicture(facts) ? quickRung(facts) : undefined;
  const args = rung
    ? encodeArguments(attempt.source, facts, { rungs: [{ rung, path: video }], ...(facts.audio && { audio }) })
    : remuxArguments(attempt.source, facts, plan, files);
  return { step: firstStep(plan), isCopy: !rung && plan.audio !== "encode", files, rung, args };
}

/** Begins on what a file likely holds, unless that would be long work to have done in vain. */
export function beginEarly(attempt: Attempt, likely: Probe, headStart: HeadStart): void {
  const { step, isCopy, args } = firstRun(attempt, likely);
  if (isCopy) headStart.begin(args, (givenUp) => attempt.runEarly(step, likely, args, givenUp));
}

/** Makes what can be played soonest: the source itself, repackaged, or a small rendition encoded in a hurry. */
export async function makeFirst(attempt: Attempt, facts: Probe, headStart: HeadStart): Promise<Playable> {
  const { step, files, rung, args } = firstRun(attempt, facts);
  if (await headStart.ended(args)) await attempt.check(facts, args);
  else await attempt.run(step, facts, args);
  const [picture, sound] = await Promise.all([
    files.video === undefined ? undefined : keepTrack(attempt.shelf, files.video),
    files.audio === undefined ? undefined : keepTrack(attempt.shelf, files.audio),
  ]);
  const name = rung?.name ?? (hasPicture(facts) ? sourceProfile(facts) : "");
  return { renditions: picture ? [renditionOf(name, facts, picture)] : [], audio: sound?.track ?? null };
}

/** What is told of a finished rendition. */
export const renditionOf = (
  profile: string,
  { video }: Probe,
  { index, track }: KeptTrack,
): z.output<typeof ReadyRendition> => ({
  profile,
  width: index.width,
  height: index.height,
  bitrateBps: index.averageBps,
  fps: video?.fps ?? 0,
  video: track,
});

/** The picture that stands for it; null where none can be had, which is no reason to fail. */
export async function makeCover(
  attempt: Attempt,
  facts: Probe,
  signal: AbortSignal,
): Promise<z.output<typeof StoredObject> | null> {
  const path = attempt.output("cover.png");
  for (const args of coverArguments(attempt.source, facts, path)) {
    try {
      await attempt.run("cover", facts, args);
      const [drawn] = await redrawn(await readFile(path), "cover", ["jpeg"]);
      if (drawn) return await keepBytes(attempt.shelf.blob, drawn.bytes);
    } catch (error) {
      if (signal.aborted) throw error;
    }
  }
  return null;
}
