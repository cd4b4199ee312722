import { transcodingStarted, type ReadyRendition } from "#events/transcoder";
import type { Job } from "#kernel";
import { encodeArguments } from "#media/renditions/encode";
import type { Probe } from "#media/source/probe";
import { provisionalProfile, type Rung } from "#media/renditions/rung";
import { scalerOf } from "#media/renditions/scaler";
import type { z } from "zod";
import type { Attempt } from "../attempt/attempt.ts";
import { keepTrack, lengthMsOfStored } from "../attempt/outputs.ts";
import { furtherSteps } from "../plan/cost.ts";
import { type Rate, rungsFor, worthKeeping } from "../plan/plan.ts";
import { encodedFps, renditionOf } from "../steps/first-rendition.ts";
import { makeSounds, otherSoundsOf } from "../steps/sounds-and-captions.ts";
import type { RunAttempt, TranscodeHost } from "./attempts.ts";
import { publishCompleted } from "./outcome.ts";
import type { Task } from "./task.ts";

/** The job that makes the other sounds, and all other renditions from one decode. */
export const createLadderJob =
  (host: TranscodeHost, runAttempt: RunAttempt) =>
  (running: Job<Task>): Promise<void> =>
    runAttempt(running, async (at, progress) => {
      const { emit, blob, settings, media, call, log } = host;
      const { payload: task, signal, traceId } = running;
      const { taskId, mediaId, profiles } = task;
      if (!task.facts) await running.step((tx) => emit(tx, transcodingStarted, mediaId, { taskId, mediaId }));
      const facts = task.facts ?? (await at.probe());
      const playable = await media.playable({ id: mediaId }, call({ signal, traceId }));
      const madeProfiles = [...(task.made ?? []), ...playable.renditions.map(({ profile }) => profile)];
      const rungs = rungsFor(facts, { requested: profiles, profiles: settings.ladder, made: madeProfiles });
      progress.steps = task.steps ?? furtherSteps(facts, rungs);
      const firstIndexKey = task.firstIndexKey ?? playable.renditions[0]?.video?.indexKey;
      // Sound may be longer than the picture, so the duration of the source says nothing of the picture alone.
      const playsMs = firstIndexKey === undefined ? undefined : await lengthMsOfStored(blob, firstIndexKey);
      if (playable.otherSounds.length === 0 && otherSoundsOf(facts) > 0) {
        const otherSounds = await makeSounds({ attempt: at, facts, log, signal });
        await running.step((tx) => publishCompleted(host, tx, task, facts, { otherSounds, isLast: false }));
      }
      const encoded = await encodeRungs(at, facts, rungs, playsMs);
      // Renditions that were requested by name are all kept.
      const lasting = playable.renditions.filter(({ profile }) => profile !== provisionalProfile);
      const worthwhile = profiles.length > 0 ? encoded : worthKeeping(encoded, [...(task.rates ?? []), ...lasting]);
      const renditions = await Promise.all(worthwhile.map((output) => storeRendition(at, facts, output)));
      await progress.waitForReports();
      await running.finish(async (tx) => {
        const dropped = renditions.length > 0 && madeProfiles.includes(provisionalProfile) ? [provisionalProfile] : [];
        await publishCompleted(host, tx, task, facts, { renditions, dropped, isLast: true });
        // Extras come last, once the renditions they are made of are stored.
        const smallest = renditions.toSorted((a, b) => a.width * a.height - b.width * b.height).at(0);
        await host.addJob(tx, "extras", { ...task, ...(smallest && { smallest }) });
      });
    });

interface Encoded extends Rate {
  readonly rung: Rung;
  readonly path: string;
}

async function encodeRungs(
  at: Attempt,
  facts: Probe,
  rungs: readonly Rung[],
  playsMs: number | undefined,
): Promise<Encoded[]> {
  const outputs = rungs.map((rung) => ({ rung, path: at.output(`${rung.name}.mp4`) }));
  const scaler = scalerOf(at.tools.ffmpeg);
  if (outputs.length > 0)
    await at.run("ladder", facts, encodeArguments(at.source, facts, { rungs: outputs, scaler }), playsMs);
  return Promise.all(
    outputs.map(async (output) => {
      const { width, height, averageBps: bitrateBps } = await at.shelf.indexOf(output.path);
      return { ...output, width, height, bitrateBps };
    }),
  );
}

const storeRendition = async (
  at: Attempt,
  facts: Probe,
  { rung, path }: Encoded,
): Promise<z.output<typeof ReadyRendition>> =>
  renditionOf(rung.name, encodedFps(facts), await keepTrack(at.shelf, path));
