import { type Host, type Id, type Job, job, type KinoraError, on, plugin, type Tx } from "#kernel";
import { childrenOf } from "#media/children";
import { compatibility } from "#media/compatible";
import { encodeArguments } from "#media/encode";
import type { Probe } from "#media/probe";
import { MediaRejected, rejections } from "#media/rejection";
import { media, mediaDeleted, transcodeRequested } from "#services/media/contract";
import { z } from "zod";
import { type Attempt, attempt } from "./attempt.ts";
import {
  transcodeProgress,
  transcoder,
  transcodingCompleted,
  transcodingFailed,
  transcodingStarted,
} from "./contract.ts";
import { beginEarly, firstStep, makeCover, makeFirst, type Playable, renditionOf } from "./first.ts";
import { HeadStart } from "./head-start.ts";
import { endLeftovers, recordedChildren } from "./leftovers.ts";
import { migrations } from "./migrations.ts";
import { keepTrack, lengthMsOfStored } from "./outputs.ts";
import { rungsFor } from "./plan.ts";
import { Progress, stepsOf } from "./progress.ts";
import type * as store from "./store.ts";
import { Supply } from "./supply.ts";

const Settings = z.object({
  ffmpeg: z.string().optional(),
  /** How many jobs of each kind run at once. */
  workers: z.int().positive().default(1),
  /** A process without progress for this long is ended. */
  stallMs: z.int().positive().default(60_000),
});

interface Task {
  readonly taskId: Id;
  readonly mediaId: Id;
  /** The renditions asked for; empty for the usual ones. */
  readonly profiles: readonly string[];
  /** What the job before this one found out and made. */
  readonly facts?: Probe;
  readonly made?: readonly string[];
  readonly first?: "remux" | "quick";
  /** The index of the first rendition: further ones play as long as it does. */
  readonly firstIndexKey?: string;
}

const first = "first";
const quick = "quick";
const further = "further";
const kinds = [first, quick, further];
const lookAgainMs = 60_000;
const limits = { attemptsMax: 3, leaseMs: 30_000 };

/**
 * Works in three kinds of job, so that nobody waits for somebody else's long encode: `first` looks at a file and makes
 * it playable where that takes a moment, `quick` where it has to be encoded, `further` adds renditions.
 */
export const transcoderPlugin = plugin({
  contract: transcoder,
  needs: [media],
  migrations,
  events: [transcodingStarted, transcodeProgress, transcodingCompleted, transcodingFailed],
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
      children: recordedChildren({ db, children: system, log }),
      log,
    });
    // The first upload should not wait for the search.
    const searching = supply.tools().catch((error: unknown) => log.warn("no media tools", { err: error }));

    const completed = (
      tx: Tx<unknown>,
      { taskId, mediaId }: Task,
      facts: Probe,
      done: Partial<Playable> & { cover?: Cover; isLast: boolean },
    ) => {
      const { kind, durationMs, video } = facts;
      const size = { width: video?.displayWidth ?? 0, height: video?.displayHeight ?? 0, fps: video?.fps ?? 0 };
      const nothing = { renditions: [], audio: null, cover: null };
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
      const progress = new Progress((percent, step) =>
        running.step((tx) => emit(tx, transcodeProgress, mediaId, { taskId, mediaId, progress: percent, step })),
      );
      try {
        await using at = await attempt({
          job: running,
          mediaId,
          tools,
          blob,
          disk: environment.disk,
          client: client(media),
          progress,
          stallMs: settings.stallMs,
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
      const { taskId, mediaId, profiles } = task;
      const step = firstStep(compatibility(facts));
      progress.steps = stepsOf[step];
      running.progress(progress.at(step, 0));
      const playable = await makeFirst(at, facts, headStart);
      await running.step((tx) => completed(tx, task, facts, { ...playable, isLast: false }));
      const cover = await makeCover(at, facts, signal);
      const made = playable.renditions.map(({ profile }) => profile);
      const isLast = rungsFor(facts, profiles, made).length === 0;
      await progress.settled();
      await running.finish(async (tx) => {
        await completed(tx, task, facts, { cover, isLast });
        const firstIndexKey = playable.renditions[0]?.video?.indexKey;
        const payload: Task = {
          taskId,
          mediaId,
          profiles,
          facts,
          made,
          first: step,
          ...(firstIndexKey !== undefined && { firstIndexKey }),
        };
        if (!isLast) await jobs.add(tx, further, { payload, uniqueKey: String(mediaId) });
      });
    };

    const kindOf = (kind: string, run: (running: Job<Task>) => Promise<void>) =>
      job<Task>({
        ...limits,
        kind,
        concurrency: settings.workers,
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
        async capabilities() {
          const tools = await supply.tools();
          return {
            ffmpeg: tools?.ffmpeg.path ?? null,
            version: tools?.ffmpeg.version ?? null,
            sandbox: tools?.sandbox.level ?? "none",
            ...(await counts()),
          };
        },
      },

      subscriptions: [
        on(transcodeRequested, async (tx, { isFirst, taskId, mediaId, profiles }) => {
          const payload: Task = { taskId, mediaId, profiles };
          await jobs.add(tx, isFirst ? first : further, { payload, uniqueKey: String(mediaId) });
        }),
        on(mediaDeleted, async (_, { mediaId }) => {
          for (const kind of kinds) {
            const found = await jobs.find(kind, String(mediaId));
            if (found) await jobs.cancel(found.id);
          }
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
              await jobs.add(tx, quick, { payload: { ...task, facts }, uniqueKey: String(mediaId) });
            });
          }),
        ),

        kindOf(quick, (running) =>
          attempted(running, async (at, progress) =>
            begin(running, at, progress, running.payload.facts ?? (await at.probe())),
          ),
        ),

        kindOf(further, (running) =>
          attempted(running, async (at, progress) => {
            const { payload: task, signal, traceId } = running;
            const { taskId, mediaId, profiles, first: before = "ladder" } = task;
            progress.steps = stepsOf[before];
            if (!task.facts) await running.step((tx) => emit(tx, transcodingStarted, mediaId, { taskId, mediaId }));
            const facts = task.facts ?? (await at.probe());
            const { renditions } = await client(media).playable({ id: mediaId }, call({ signal, traceId }));
            const rungs = rungsFor(facts, profiles, [
              ...(task.made ?? []),
              ...renditions.map(({ profile }) => profile),
            ]);
            const outputs = rungs.map((rung) => ({ rung, path: at.output(`${rung.name}.mp4`) }));
            const firstIndexKey = task.firstIndexKey ?? renditions[0]?.video?.indexKey;
            // Sound may be longer than the picture, so the source's own length says nothing of a picture alone.
            const playsMs = firstIndexKey === undefined ? undefined : await lengthMsOfStored(blob, firstIndexKey);
            if (outputs.length > 0)
              await at.run("ladder", facts, encodeArguments(at.source, facts, { rungs: outputs }), playsMs);
            const finished = await Promise.all(
              outputs.map(async ({ rung, path }) => renditionOf(rung.name, facts, await keepTrack(at.shelf, path))),
            );
            await progress.settled();
            await running.finish((tx) => completed(tx, task, facts, { renditions: finished, isLast: true }));
          }),
        ),
      ],

      async stop() {
        await searching;
      },
    };
  },
});

type Cover = z.output<typeof transcodingCompleted.payload>["cover"];
const isRejection = (code: string): code is keyof typeof rejections => code in rejections;
