import { availableParallelism } from "node:os";
import { type Host, type Id, type Job, job, KinoraError, on, plugin, type Tx } from "#kernel";
import { childrenOf } from "#media/children";
import { compatibility } from "#media/compatible";
import { allowedAt, sandboxLevels } from "#media/denials";
import { encodeArguments } from "#media/encode";
import { knownFaults } from "#media/known-faults";
import type { Probe } from "#media/probe";
import { MediaRejected, rejections } from "#media/rejection";
import { usualProfiles } from "#media/rung";
import { scalerOf } from "#media/scaler";
import type { Tools } from "#media/tools";
import {
  media,
  mediaDeleted,
  type ReadyRendition,
  transcodeCancelled,
  transcodeRequested,
} from "#services/media/contract";
import { z } from "zod";
import { type Attempt, attempt } from "./attempt/attempt.ts";
import {
  transcodeProgress,
  transcoder,
  transcodingCompleted,
  transcodingExtras,
  transcodingFailed,
  transcodingStarted,
} from "./contract.ts";
import { furtherSteps, stepsOf } from "./plan/cost.ts";
import { makeExtras } from "./steps/extras.ts";
import { beginEarly, encodedFps, firstMade, firstStep, makeCover, makeFirst, renditionOf } from "./steps/first.ts";
import { HeadStart } from "./steps/head-start.ts";
import { endLeftovers, recordedChildren } from "./attempt/leftovers.ts";
import { migrations } from "./migrations.ts";
import { makeSounds, readCaptions } from "./steps/sounds-and-captions.ts";
import { keepTrack, lengthMsOfStored } from "./attempt/outputs.ts";
import { type Rate, rungsFor, worthKeeping } from "./plan/plan.ts";
import { Progress, type Steps } from "./plan/progress.ts";
import { Refused } from "./attempt/refused.ts";
import type * as store from "./store.ts";
import { Supply } from "./attempt/media-tools.ts";

const Settings = z.object({
  ffmpeg: z.string().optional(),
  /** The renditions a video gets, where its source is large enough. */
  ladder: z
    .array(z.string())
    .min(1)
    .default([...usualProfiles]),
  /** How many ladders are made at once; what comes before them has slots of its own. A ladder fills about two cores. */
  workers: z
    .int()
    .positive()
    .default(() => Math.max(1, Math.floor(availableParallelism() / 2))),
  /** A process without progress for this long is ended. */
  stallMs: z.int().positive().default(60_000),
  /** The strongest way to hold FFmpeg that is tried. */
  sandbox: z.enum(sandboxLevels).default("bwrap"),
});

interface Task {
  readonly taskId: Id;
  readonly mediaId: Id;
  /** Whose media it is; jobs of older versions do not say. */
  readonly userId?: Id;
  /** The renditions asked for; empty for the usual ones. */
  readonly profiles: readonly string[];
  /** What the job before this one found out and made. */
  readonly facts?: Probe;
  readonly made?: readonly string[];
  /** What was made is told by event, which may come after this job has begun. */
  readonly rates?: readonly Rate[];
  /** The steps of the whole, so that its percentage goes on where it was. */
  readonly steps?: Steps;
  /** Of what the ladder made: extras cost a tenth of it, and its news may come after they have begun. */
  readonly smallest?: z.output<typeof ReadyRendition>;
  /** The index of the first rendition: the others play as long as it does. */
  readonly firstIndexKey?: string;
}

const first = "first";
const quick = "quick";
const ladder = "ladder";
const extras = "extras";
const kinds = [first, quick, ladder, extras];
const extrasPriority = 0;
const ladderPriority = 10;
const firstFramePriority = 20;
const lookAgainMs = 60_000;
const newsMs = 1_000;
const limits = { attemptsMax: 3, leaseMs: 30_000 };

/**
 * Works in three kinds of job, so that nobody waits for somebody else's long encode: `first` looks at a file and makes
 * it playable where that takes a moment, `quick` where it has to be encoded, `ladder` makes all other renditions from
 * one decode.
 */
export const transcoderPlugin = plugin({
  contract: transcoder,
  needs: [media],
  migrations,
  events: [transcodingStarted, transcodeProgress, transcodingCompleted, transcodingExtras, transcodingFailed],
  settings: Settings,
  async start({
    db,
    emit,
    blob,
    jobs,
    settings,
    environment,
    client,
    call,
    log,
    measured,
  }: Host<store.Tables, z.output<typeof Settings>>) {
    const system = childrenOf(environment.children);
    const ended = await endLeftovers({ db, children: system, log });
    if (ended > 0) log.info("media processes of a process that died were ended", { ended });
    const supply = new Supply({
      configured: settings.ffmpeg,
      searchPath: environment.searchPath,
      sandbox: settings.sandbox,
      children: recordedChildren({ db, children: system, log }),
      log,
    });
    // The first upload should not wait for the search.
    const searching = supply.tools().catch((error: unknown) => log.warn("no media tools", { err: error }));

    const add = (tx: Tx<unknown>, kind: string, payload: Task) =>
      jobs.add(tx, kind, {
        payload,
        uniqueKey: String(payload.mediaId),
        ...(payload.userId !== undefined && { ownerId: payload.userId }),
      });

    const completed = (
      tx: Tx<unknown>,
      { taskId, mediaId }: Task,
      facts: Probe,
      done: Partial<Completed> & Pick<Completed, "isLast">,
    ) => {
      const { kind, durationMs, video } = facts;
      const size = { width: video?.displayWidth ?? 0, height: video?.displayHeight ?? 0, fps: video?.fps ?? 0 };
      const nothing = { renditions: [], audio: null, otherSounds: [], captions: [], cover: null };
      return emit(tx, transcodingCompleted, mediaId, {
        taskId,
        mediaId,
        kind,
        durationMs,
        ...size,
        ...nothing,
        ...done,
      });
    };

    async function failed(tx: Tx<unknown>, { taskId, mediaId }: Task, code: string): Promise<void> {
      const error = isRejection(code) ? code : "media.failed";
      await emit(tx, transcodingFailed, mediaId, { taskId, mediaId, error, message: rejections[error] });
    }

    /** Runs one attempt of a job; a file that can never be played ends it at once, without another try. */
    const attempted = async (
      running: Job<Task>,
      work: (at: Attempt, progress: Progress) => Promise<void>,
    ): Promise<void> => {
      const { payload: task } = running;
      const { taskId, mediaId } = task;
      const tools = await supply.tools();
      if (!tools) return running.putOff(lookAgainMs, "there is no FFmpeg");
      const progress = new Progress(({ percent, step, secondsLeft }) =>
        running.step((tx) =>
          emit(tx, transcodeProgress, mediaId, { taskId, mediaId, progress: percent, step, secondsLeft }),
        ),
      );
      try {
        const { signal, traceId } = running;
        const refused = new Refused(await client(media).formatsOff({}, call({ signal, traceId })));
        // What an earlier job found out is not looked at again.
        if (task.facts) refused.check(task.facts);
        await using at = await attempt({
          job: running,
          mediaId,
          tools,
          blob,
          disk: environment.disk,
          client: client(media),
          progress,
          stallMs: settings.stallMs,
          refused,
          call,
        });
        await work(at, progress);
      } catch (error) {
        if (!(error instanceof MediaRejected)) throw error;
        await running.finish((tx) => failed(tx, task, error.code));
      } finally {
        await progress.settled();
      }
    };

    /** Makes it playable and says so at once; then come its cover and, in another job, what else is wanted. */
    const begin = async (
      running: Job<Task>,
      at: Attempt,
      progress: Progress,
      facts: Probe,
      headStart = new HeadStart(),
    ): Promise<void> => {
      const { payload: task, signal } = running;
      const { profiles } = task;
      const plan = compatibility(facts);
      const step = firstStep(plan);
      const follow = rungsFor(facts, { asked: profiles, profiles: settings.ladder, made: firstMade(facts) });
      const steps = stepsOf(facts, plan, follow);
      progress.steps = steps;
      running.progress(progress.at(step, 0));
      const playable = await makeFirst(at, facts, headStart);
      await running.step((tx) => completed(tx, task, facts, { ...playable, isLast: false }));
      const cover = await makeCover(at, facts, signal);
      const captions = await readCaptions({ attempt: at, facts, log, signal });
      const made = playable.renditions.map(({ profile }) => profile);
      const isLast = follow.length === 0 && facts.otherAudio === undefined;
      await progress.settled();
      await running.finish(async (tx) => {
        await completed(tx, task, facts, { cover, captions, isLast });
        const firstIndexKey = playable.renditions[0]?.video?.indexKey;
        const payload: Task = {
          ...task,
          facts,
          made,
          rates: playable.renditions.map(({ width, height, bitrateBps }) => ({ width, height, bitrateBps })),
          steps,
          ...(firstIndexKey !== undefined && { firstIndexKey }),
        };
        await add(tx, isLast ? extras : ladder, payload);
      });
    };

    // One slot is always left to new uploads and another one to those that need a quick encode: nobody waits for the
    // first picture because of somebody's long film.
    const slots = settings.workers + 2;
    const places = {
      [first]: { priority: firstFramePriority, leaves: 0 },
      [quick]: { priority: firstFramePriority, leaves: 1 },
      [ladder]: { priority: ladderPriority, leaves: 2 },
      [extras]: { priority: extrasPriority, leaves: 2 },
    };
    const pool = { name: "ffmpeg", slots };
    const kindOf = (kind: typeof first | typeof quick | typeof ladder, run: (running: Job<Task>) => Promise<void>) =>
      job<Task>({
        ...limits,
        ...places[kind],
        kind,
        pool,
        concurrency: slots,
        run,
        died: (tx, { payload }, { code }: KinoraError) => failed(tx, payload, code),
      });

    async function counts(): Promise<{ queued: number; running: number }> {
      const all = await Promise.all(kinds.map((kind) => jobs.count(kind)));
      const sum = (state: "queued" | "running") => all.reduce((so, count) => so + count[state], 0);
      return { queued: sum("queued"), running: sum("running") };
    }
    // What workers are added and taken away by.
    measured("transcode_jobs", "transcoding jobs that wait or run", ["state"], async () => {
      const { queued, running } = await counts();
      return [
        [queued, { state: "queued" }],
        [running, { state: "running" }],
      ];
    });

    return {
      handlers: {
        decoders: async () => held(await supply.tools()),

        async capabilities() {
          const tools = await supply.tools();
          return {
            ...held(tools),
            ...(await counts()),
          };
        },
      },

      subscriptions: [
        on(transcodeRequested, async (tx, { isFirst, ...payload }) => {
          await add(tx, isFirst ? first : ladder, payload);
        }),
        on(transcodeCancelled, async (tx, { mediaId }) => {
          // What runs notices with its next heartbeat and ends its processes.
          await jobs.cancelAll(tx, kinds, String(mediaId));
        }),
        on(mediaDeleted, async (tx, { mediaId }) => {
          await jobs.cancelAll(tx, kinds, String(mediaId));
        }),
      ],

      jobs: [
        kindOf(first, (running) =>
          attempted(running, async (at, progress) => {
            const { payload: task } = running;
            const { taskId, mediaId } = task;
            await using headStart = new HeadStart();
            const [facts] = await Promise.all([
              at.probe((likely) => beginEarly(at, likely, headStart)),
              running.step((tx) => emit(tx, transcodingStarted, mediaId, { taskId, mediaId })),
            ]);
            if (firstStep(compatibility(facts)) === "remux")
              return await begin(running, at, progress, facts, headStart);
            await running.finish(async (tx) => {
              await add(tx, quick, { ...task, facts });
            });
          }),
        ),

        kindOf(quick, (running) =>
          attempted(running, async (at, progress) =>
            begin(running, at, progress, running.payload.facts ?? (await at.probe())),
          ),
        ),

        kindOf(ladder, (running) =>
          attempted(running, async (at, progress) => {
            const { payload: task, signal, traceId } = running;
            const { taskId, mediaId, profiles } = task;
            if (!task.facts) await running.step((tx) => emit(tx, transcodingStarted, mediaId, { taskId, mediaId }));
            const facts = task.facts ?? (await at.probe());
            const { renditions, otherSounds: known } = await client(media).playable(
              { id: mediaId },
              call({ signal, traceId }),
            );
            const there = [...(task.made ?? []), ...renditions.map(({ profile }) => profile)];
            const rungs = rungsFor(facts, { asked: profiles, profiles: settings.ladder, made: there });
            progress.steps = task.steps ?? furtherSteps(facts, rungs);
            const outputs = rungs.map((rung) => ({ rung, path: at.output(`${rung.name}.mp4`) }));
            const firstIndexKey = task.firstIndexKey ?? renditions[0]?.video?.indexKey;
            // Sound may be longer than the picture, so the source's own length says nothing of a picture alone.
            const playsMs = firstIndexKey === undefined ? undefined : await lengthMsOfStored(blob, firstIndexKey);
            if (known.length === 0 && facts.otherAudio) {
              const otherSounds = await makeSounds({ attempt: at, facts, log, signal });
              await running.step((tx) => completed(tx, task, facts, { otherSounds, isLast: false }));
            }
            if (outputs.length > 0)
              await at.run(
                "ladder",
                facts,
                encodeArguments(at.source, facts, { rungs: outputs, scaler: scalerOf(at.tools.ffmpeg) }),
                playsMs,
              );
            const encoded = await Promise.all(
              outputs.map(async (output) => {
                const { width, height, averageBps: bitrateBps } = await at.shelf.indexOf(output.path);
                return { ...output, width, height, bitrateBps };
              }),
            );
            // Whoever asked for certain ones gets them all.
            const kept = profiles.length > 0 ? encoded : worthKeeping(encoded, [...(task.rates ?? []), ...renditions]);
            const finished = await Promise.all(
              kept.map(async ({ rung, path }) =>
                renditionOf(rung.name, encodedFps(facts), await keepTrack(at.shelf, path)),
              ),
            );
            await progress.settled();
            await running.finish(async (tx) => {
              await completed(tx, task, facts, { renditions: finished, isLast: true });
              // Last, when everything is there that they are made of.
              const smallest = finished.toSorted((a, b) => a.width * a.height - b.width * b.height).at(0);
              await add(tx, extras, { ...task, ...(smallest && { smallest }) });
            });
          }),
        ),

        job<Task>({
          ...limits,
          ...places[extras],
          kind: extras,
          pool,
          concurrency: slots,
          async run(running) {
            const { id, fence, signal, traceId, payload } = running;
            const { mediaId } = payload;
            const tools = await supply.tools();
            if (!tools) return running.putOff(lookAgainMs, "there is no FFmpeg");
            const playable = await client(media)
              .playable({ id: mediaId }, call({ signal, traceId }))
              .catch((error: unknown) => {
                if (!(error instanceof KinoraError) || error.kind !== "not_found") throw error;
              });
            // Deleted meanwhile.
            if (!playable) return;
            // The news of what was made may be on its way.
            if (playable.status !== "ready") return running.putOff(newsMs, "nothing of it plays yet");
            const parts = { tools, blob, log, stallMs: settings.stallMs, signal, attempt: `extras-${id}-${fence}` };
            const made = await makeExtras(parts, playable, payload.smallest ?? playable.renditions.at(0));
            await running.finish((tx) => emit(tx, transcodingExtras, mediaId, { mediaId, ...made }));
          },
        }),
      ],

      async stop() {
        await searching;
      },
    };
  },
});

type Completed = z.output<typeof transcodingCompleted.payload>;

/** Which program reads strangers' files here, what is known against it, and how it is held. */
const held = (tools: Tools | undefined) => ({
  ffmpeg: tools?.ffmpeg.path ?? null,
  version: tools?.ffmpeg.version ?? null,
  faults: tools ? knownFaults(tools.ffmpeg.version) : null,
  sandbox: tools?.sandbox.level ?? "none",
  allowed: allowedAt(tools?.sandbox.level ?? "none"),
});

const isRejection = (code: string): code is keyof typeof rejections => code in rejections;
