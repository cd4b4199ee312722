import { join } from "node:path";
import { type Job, job, KinoraError, type Log, newCall } from "#kernel";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import type { Environment } from "#kernel/environment/environment";
import { Worker } from "#kernel/jobs/worker";
import { createChildren } from "#media/process/children";
import { Supply } from "#media/process/supply";
import { MediaNotFound } from "#services/media/contract";
import { createRecordedChildren, endLeftovers } from "../attempt/leftovers.ts";
import { createChildFiles } from "./child-files.ts";
import type { MediaFacts } from "../attempt/attempt.ts";
import { MemoryShortage } from "../jobs/memory-shortage.ts";
import { createPoolJobs } from "../jobs/pool.ts";
import { kinds, type Task, type TaskKind } from "../jobs/task.ts";
import { createWork } from "../jobs/work.ts";
import type { JobFacts } from "../runners/facts.ts";
import type { Settings } from "../settings.ts";
import type { Home } from "./home.ts";
import { HomeQueue } from "./home-queue.ts";
import { HomeStore } from "./home-store.ts";
import { Recorder } from "./recorder.ts";

interface RunnerParts {
  readonly home: Home;
  readonly runnerToken: string;
  readonly version: string;
  readonly settings: Omit<Settings, "ladder">;
  /** For files of jobs while they are worked on. */
  readonly folder: string;
  readonly environment: Environment;
  readonly log: Log;
}

/** A transcoder that takes the jobs of a home: the work is that of a process of the service. */
export interface Runner {
  /** Settles with the reason when the home has refused this runner permanently. */
  readonly refused: Promise<KinoraError>;
  /** Gives the jobs back that are under way. */
  stop(): Promise<void>;
}

export async function startRunner({
  home,
  settings,
  folder,
  environment,
  log,
  ...parts
}: RunnerParts): Promise<Runner> {
  const { disk, failpoints, now } = environment;
  const nearby = new DiskBlobStore({ folder, disk, failpoints, now });
  // A runner has its folder alone: what is there was left by a process that was killed.
  await nearby.sweep(0);
  const system = createChildren(environment.children);
  const records = createChildFiles(join(folder, "children"));
  const ended = await endLeftovers({ records, children: system, log });
  if (ended > 0) log.info("media processes of a runner that died were ended", { ended });
  const supply = new Supply({
    configured: settings.ffmpeg,
    searchPath: environment.searchPath,
    sandbox: settings.sandbox,
    children: createRecordedChildren({ records, children: system, log }),
    log,
  });
  const shortage = new MemoryShortage(settings.shortageMs);
  const stopping = new AbortController();
  const refused = Promise.withResolvers<KinoraError>();
  const canWork = async () => (await supply.tools()) !== undefined;
  const queue = new HomeQueue({
    home,
    log,
    canWork,
    ...parts,
    refused: refused.resolve,
    stopping: stopping.signal,
  });

  const run = (kind: TaskKind) => (running: Job<Task>) => {
    const { holding, facts, recorder } = queue.jobOf(running.id);
    const { emit, addJob } = recorder;
    const ladder = [...facts.ladder];
    const blob = new HomeStore({ home, holding, nearby, disk, signal: running.signal });
    const host = { emit, addJob, blob, disk, log, now, call: newCall, media: mediaOf(facts) };
    return createWork({ ...host, settings: { ...settings, ladder } }, supply, shortage)[kind](running);
  };
  const pool = createPoolJobs({ emit: new Recorder().emit, settings: { ...settings, ladder: [] } });
  const declared = kinds.map((kind) => job({ ...pool.optional(kind, run(kind)) }));
  const worker = new Worker({ queue, kinds: declared, log, failpoints });
  worker.wake();
  return {
    refused: refused.promise,
    async stop() {
      stopping.abort(new Error("the runner is stopping"));
      await worker.stop();
    },
  };
}

/** The answers of the home that came with a job. */
const mediaOf = ({ formatsOff, source, playable }: JobFacts): MediaFacts => ({
  formatsOff: async () => formatsOff,
  source: async () => {
    if (!source) throw MediaNotFound({});
    return source;
  },
  playable: async () => {
    if (!playable) throw MediaNotFound({});
    return playable;
  },
});
