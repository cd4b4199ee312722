import { type Call, type Host, plugin, rowsByNumberMax } from "#kernel";
import { readCursor, writeCursor } from "#kernel/cursor";
import { drive } from "#services/drive/contract";
import { media } from "#services/media/contract";
import { transcoder } from "#services/transcoder/contract";
import { transfer } from "#services/transfer/contract";
import { upload } from "#services/upload/contract";
import { JobNotFound, JobReplaced, Queue, worker } from "./contract.ts";

/** Asks the services for what their queues hold; has nothing of its own. */
export const workerPlugin = plugin({
  contract: worker,
  needs: [upload, media, drive, transfer, transcoder],
  migrations: [],
  start({ client, call, log }: Host) {
    const queues = {
      upload: client(upload),
      media: client(media),
      drive: client(drive),
      transfer: client(transfer),
      transcoder: client(transcoder),
    };
    const on = ({ traceId, signal }: Call) => call({ traceId, signal });

    return {
      handlers: {
        async dead({ cursor, skip, limit, count }, asked) {
          // Ids of two services may be alike: the place of the service among the queues is the end of the sort key.
          const [last = Number.MAX_SAFE_INTEGER - 1, place = Queue.options.length] =
            cursor === undefined ? [] : readCursor(cursor, 2);
          const wanted = Math.max(skip + limit + 1, count ? rowsByNumberMax + 1 : 0);
          const found = await Promise.all(
            Queue.options.map(async (service, at) => {
              const before = Math.max(1, at > place ? last + 1 : last);
              const { items } = await queues[service].deadJobs({ before, limit: wanted }, on(asked));
              return items.map((job) => ({ ...job, service, at }));
            }),
          );
          const all = found.flat().toSorted((a, b) => b.id - a.id || a.at - b.at);
          const shown = all.slice(skip, skip + limit);
          const end = shown.at(-1);
          return {
            items: shown,
            next: all.length > skip + limit && end ? writeCursor([end.id, end.at]) : null,
            ...(count && { total: Math.min(all.length, rowsByNumberMax + 1) }),
          };
        },

        async retry({ service, id }, asked) {
          const { result } = await queues[service].retryJob({ id }, on(asked));
          if (result === "gone") throw JobNotFound({});
          if (result === "taken") throw JobReplaced({});
          log.info("a job that was given up is tried again", { queue: service, jobId: id, userId: asked.userId });
          return {};
        },

        async discard({ service, id }, asked) {
          const { isThere } = await queues[service].discardJob({ id }, on(asked));
          if (!isThere) throw JobNotFound({});
          log.info("a job that was given up is let go of", { queue: service, jobId: id, userId: asked.userId });
          return {};
        },
      },
    };
  },
});
