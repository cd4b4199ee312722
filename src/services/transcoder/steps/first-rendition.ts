import { readFile } from "node:fs/promises";
import type { Cover, ReadyRendition, Sound } from "#events/transcoder";
import type { z } from "zod";
import { KinoraError } from "#kernel";
import { candidateArguments, lookAt, bestCandidate, scoreOf, turnsOf } from "#media/extras/candidates";
import { type Compatibility, compatibility } from "#media/renditions/compatible";
import { coverArguments } from "#media/extras/cover";
import { encodeArguments } from "#media/renditions/encode";
import { redrawn } from "#media/pictures/picture";
import type { Probe } from "#media/source/probe";
import { hasChanges, remuxArguments } from "#media/renditions/remux";
import { isExcessive, provisionalProfile, quickRung } from "#media/renditions/rung";
import { isVerdict, RunFailed } from "#media/process/run";
import { scalerOf } from "#media/renditions/scaler";
import { thumbOf } from "#media/pictures/thumb";
import { uprightFps } from "#media/renditions/picture-filters";
import type { Attempt } from "../attempt/attempt.ts";
import type { SpeculativeWork } from "./speculative-work.ts";
import { namesOf } from "./sounds-and-captions.ts";
import { keepBytes, type KeptTrack, keepTrack } from "../attempt/outputs.ts";
import { hasPicture, sourceProfile } from "../plan/plan.ts";

export interface Playable {
  readonly renditions: z.output<typeof ReadyRendition>[];
  readonly audio: z.output<typeof Sound> | null;
}

/** `remux` where the source only needs another wrapping, else `quick`. */
export const firstStep = (plan: Compatibility): "remux" | "quick" => (plan.video === "encode" ? "quick" : "remux");

/** The name of the rendition that comes first, if any does: a copy of fitting size stays. Pure. */
export function firstMade(facts: Probe): string[] {
  if (!hasPicture(facts)) return [];
  const isProvisional = compatibility(facts).video === "encode" || isExcessive(facts);
  return [isProvisional ? provisionalProfile : sourceProfile(facts)];
}

/** The arguments of FFmpeg's first run, and the paths of its results. Pure. */
function firstRun(attempt: Attempt, facts: Probe) {
  const plan = compatibility(facts);
  const video = attempt.output("video.mp4");
  const audio = attempt.output("audio.mp4");
  const files = { ...(facts.video && { video }), ...(facts.audio && { audio }) };
  const parameters = plan.video === "copy" ? attempt.output("parameters.txt") : undefined;
  const rung = plan.video === "encode" && hasPicture(facts) ? quickRung(facts) : undefined;
  const args = rung
    ? encodeArguments(attempt.source, facts, {
        rungs: [{ rung, path: video }],
        ...(facts.audio && { audio }),
        scaler: scalerOf(attempt.tools.ffmpeg),
      })
    : remuxArguments(attempt.source, facts, plan, { ...files, ...(parameters !== undefined && { parameters }) });
  return { step: firstStep(plan), isCopy: !rung && plan.audio !== "encode", files, parameters, rung, args };
}

/** A picture looked as if players could have it as it is, and has to be encoded. */
export class NotCopyable extends Error {
  override readonly name = "NotCopyable";
}

/** True if FFmpeg ended with an error of its own, or made less than the file holds. */
const isFaultOfFile = (error: unknown): boolean =>
  error instanceof KinoraError && (!(error.cause instanceof RunFailed) || isVerdict(error.cause));

/** Begins on what a file likely holds, unless that would be long work to have done in vain. */
export function beginEarly(attempt: Attempt, likely: Probe, speculativeWork: SpeculativeWork): void {
  const { step, isCopy, args } = firstRun(attempt, likely);
  if (isCopy) speculativeWork.begin(args, (givenUp) => attempt.runEarly(step, likely, args, givenUp));
}

/** Makes what can be played soonest: the source itself, repackaged, or a small rendition encoded in a hurry. */
export async function makeFirst(attempt: Attempt, facts: Probe, speculativeWork: SpeculativeWork): Promise<Playable> {
  const { step, files, parameters, rung, args } = firstRun(attempt, facts);
  try {
    if (await speculativeWork.endedWith(args)) await attempt.check(facts, args);
    else await attempt.run(step, facts, args);
  } catch (error) {
    if (parameters === undefined || !isFaultOfFile(error)) throw error;
    throw new NotCopyable("the picture could not be copied", { cause: error });
  }
  if (parameters !== undefined && hasChanges(await readFile(parameters, "utf8")))
    throw new NotCopyable("the picture changes within its file");
  const [picture, sound] = await Promise.all([
    files.video === undefined ? undefined : keepTrack(attempt.shelf, files.video),
    files.audio === undefined ? undefined : keepTrack(attempt.shelf, files.audio),
  ]);
  const [name = ""] = firstMade(facts);
  return {
    renditions: picture ? [renditionOf(name, rung ? encodedFps(facts) : (facts.video?.fps ?? 0), picture)] : [],
    audio: sound && facts.audio ? { ...sound.track, ...namesOf(facts.audio) } : null,
  };
}

/** How many pictures a second a rendition has that was encoded. */
export const encodedFps = ({ video }: Probe): number => (video ? uprightFps(video) : 0);

/** The record of a finished rendition. */
export const renditionOf = (
  profile: string,
  fps: number,
  { index, track }: KeptTrack,
): z.output<typeof ReadyRendition> => ({
  profile,
  width: index.width,
  height: index.height,
  bitrateBps: index.averageBps,
  fps,
  video: track,
});

/** The cover of the film; null where none can be made, which is no reason to fail. */
export async function makeCover(
  attempt: Attempt,
  facts: Probe,
  signal: AbortSignal,
): Promise<z.output<typeof Cover> | null> {
  const tries = [() => bestOf(attempt, facts), ...oneByOne(attempt, facts)];
  for (const takePicture of tries) {
    try {
      const picture = await takePicture();
      const [drawn] = picture ? await redrawn(picture, "cover", ["jpeg"]) : [];
      if (drawn) return { ...(await keepBytes(attempt.shelf.blob, drawn.bytes)), thumb: await thumbOf(drawn.bytes) };
    } catch (error) {
      if (signal.aborted) throw error;
    }
  }
  return null;
}

/** The most characteristic picture from all over a film; undefined if all pictures are blank. */
async function bestOf(attempt: Attempt, facts: Probe): Promise<Buffer | undefined> {
  if (!hasPicture(facts)) return undefined;
  const pathOf = (place: number) => attempt.output(`candidate-${place}.jpg`);
  const best = await bestCandidate(turnsOf(facts), async (places) => {
    await attempt.run("cover", facts, candidateArguments(attempt.source, facts, places, pathOf));
    // A place without a key frame before it has no picture.
    const candidates = await Promise.all(places.map((place) => readFile(pathOf(place)).catch(() => undefined)));
    const pictures = candidates.filter((bytes) => bytes !== undefined);
    return Promise.all(pictures.map(async (bytes) => ({ bytes, score: scoreOf(await lookAt(bytes)) })));
  });
  return best?.bytes;
}

/** Ways to get a picture, the most representative first. */
const oneByOne = (attempt: Attempt, facts: Probe): (() => Promise<Buffer>)[] => {
  const path = attempt.output("cover.png");
  return coverArguments(attempt.source, facts, path).map((args) => async () => {
    await attempt.run("cover", facts, args);
    return readFile(path);
  });
};
