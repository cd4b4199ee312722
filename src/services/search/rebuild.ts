import { type Call, type Host, job, type JobKind, type Schedule } from "#kernel";
import * as documentStore from "./documents/document-store.ts";
import { documentKind } from "./documents/documents.ts";
import type { Files } from "./documents/files.ts";
import type { Index } from "./reconciliation.ts";
import type { Tables } from "./store.ts";

const compare = "compare";

/** Reconciliation of the index: daily, where it is empty, and when an administrator asks for it. */
export function createRebuild(
  { db, call: newCall, jobs, log }: Pick<Host<Tables>, "db" | "call" | "jobs" | "log">,
  index: Index,
  files: Pick<Files, "isUnfilled">,
) {
  const enqueue = async () => void (await db.tx((tx) => jobs.add(tx, compare, { payload: {}, uniqueKey: compare })));

  const repairJob: JobKind = job<object>({
    kind: compare,
    concurrency: 1,
    attemptsMax: 5,
    leaseMs: 60_000,
    async run(running) {
      const { traceId, signal } = running;
      const {
        videos,
        users,
        hashtags,
        lives,
        captions,
        files: fileCount,
      } = await index.repair(newCall({ traceId, signal, waitMs: 3_600_000 }));
      const repaired = { videos, users, hashtags, lives, captions, files: fileCount };
      if (videos + users + hashtags + lives + captions + fileCount > 0) log.info("the index was repaired", repaired);
      await running.finish(async () => undefined);
    },
  });

  const schedules: Schedule[] = [
    { name: "search.compare", pattern: "23 4 * * *", run: enqueue },
    {
      // The index was never filled where the instance is older than this service, nor with files where it is older than
      // their search.
      name: "search.fill",
      pattern: "*/2 * * * *",
      run: async (signal) => {
        const isEmpty = (await documentStore.listDocuments(db, documentKind.user, 0, 1)).length === 0;
        if (isEmpty || (await files.isUnfilled(newCall({ signal })))) await enqueue();
      },
    },
  ];

  return {
    handlers: {
      rebuild: (_: object, { traceId, signal }: Call) => index.repair(newCall({ traceId, signal, waitMs: 600_000 })),
    },
    jobs: [repairJob],
    schedules,
  };
}
