import { type Host, job, type JobKind, type Schedule } from "#kernel";
import type { Memory } from "../memory.ts";
import type { Tables } from "../store.ts";
import { createHistories } from "./histories.ts";
import { encodeModel } from "./model-codec.ts";
import { createModelObjects } from "./model-objects.ts";
import * as modelStore from "./model-store.ts";
import { trainedApart } from "./trained-apart.ts";
import { sizesFor } from "./trained-model.ts";

const kind = "train";
/** Between two nights a model is trained when signals have grown by this factor. */
const growth = 1.2;

type TrainerHost = Pick<Host<Tables>, "db" | "blob" | "jobs" | "log" | "now" | "nextId" | "random">;

/** Trains models by night, when signals have grown by a fifth, and when an administrator asks for it. */
export interface Trainer {
  readonly jobs: JobKind[];
  readonly schedules: Schedule[];
  readonly enqueue: () => Promise<void>;
}

export function createTrainer(host: TrainerHost, memory: Memory): Trainer {
  const { db, jobs, log, now, nextId, random } = host;
  const enqueue = async () => void (await db.tx((tx) => jobs.add(tx, kind, { payload: {}, uniqueKey: kind })));

  const trainingSet = createHistories(host, memory);
  const objects = createModelObjects(host);

  const trainJob: JobKind = job<object>({
    kind,
    concurrency: 1,
    attemptsMax: 3,
    leaseMs: 60_000,
    async run(running) {
      const signals = await modelStore.countSignals(db);
      const { histories, videoIds } = await trainingSet(running.signal);
      if (sizesFor(histories.length, videoIds.length).length === 0) {
        log.info("there is too little to train a model of", { users: histories.length, videos: videoIds.length });
        await running.finish(async () => undefined);
        return objects.sweep();
      }
      const set = { histories, items: videoIds.length, seed: random(4).readInt32LE() };
      const { table, settings, accuracy, seconds } = await trainedApart(set, running.signal);
      const key = await objects.store(encodeModel({ videoIds, table }));
      const row: modelStore.ModelRow = {
        id: nextId(),
        key,
        created_at_ms: now(),
        signals,
        users: histories.length,
        videos: videoIds.length,
        settings: JSON.stringify(settings),
        recall: accuracy.recall,
        ndcg: accuracy.ndcg,
        share: 0,
      };
      await running.finish<Tables>(async (tx) => {
        await modelStore.insert(tx, row);
        await modelStore.setShare(tx, row.id, 100);
      });
      log.info("a model was trained", { users: row.users, videos: row.videos, seconds: Math.round(seconds) });
      await objects.sweep();
    },
  });

  const schedules: Schedule[] = [
    { name: "recommend.train", pattern: "12 3 * * *", run: enqueue },
    {
      name: "recommend.growth",
      pattern: "37 * * * *",
      run: async () => {
        const [latest] = await modelStore.models(db);
        if ((await modelStore.countSignals(db)) > Math.max(1_000, (latest?.signals ?? 0) * growth)) await enqueue();
      },
    },
  ];
  return { jobs: [trainJob], schedules, enqueue };
}
