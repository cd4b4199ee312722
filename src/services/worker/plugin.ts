import { type Client, type Host, plugin } from "#kernel";
import { readCursor } from "#kernel/cursor";
import { JobNotFound, JobReplaced, Queue, worker } from "./contract.ts";
import { eventsOf, onBehalf, eventConsumers } from "./events.ts";
import { pageOfMerged, wantedOfEach } from "./merged.ts";

/** Asks the services for the jobs and events they gave up; has nothing of its own. */
export const workerPlugin = plugin({
  contract: worker,
  needs: Object.values(eventConsumers),
  migrations: [],
  start(host: Host) {
    const { client, call, log } = host;
    const of = (service: Queue): Client<(typeof eventConsumers)[Queue]> => client(eventConsumers[service]);
    const on = onBehalf(call);

    return {
      handlers: {
        ...eventsOf(host),
        async dead({ cursor, ...page }, asked) {
          // Ids of two services may be alike: the place of the service among the queues is the end of the sort key.
          const [last = Number.MAX_SAFE_INTEGER - 1, place = Queue.options.length] =
            cursor === undefined ? [] : readCursor(cursor, 2);
          const limit = wantedOfEach(page);
          const found = await Promise.all(
            Queue.options.map(async (service, at) => {
              const before = Math.max(1, at > place ? last + 1 : last);
              const { items } = await of(service).deadJobs({ before, limit }, on(asked));
              return items.map((job) => ({ ...job, service, at }));
            }),
          );
          const all = found.flat().toSorted((a, b) => b.id - a.id || a.at - b.at);
          return pageOfMerged(all, page, ({ id, at }) => [id, at]);
        },

        async retry({ service, id }, asked) {
          const { result } = await of(service).retryJob({ id }, on(asked));
          if (result === "gone") throw JobNotFound({});
          if (result === "taken") throw JobReplaced({});
          log.info("a job that was given up is tried again", { queue: service, jobId: id, userId: asked.userId });
          return {};
        },

        async discard({ service, id }, asked) {
          const { isThere } = await of(service).discardJob({ id }, on(asked));
          if (!isThere) throw JobNotFound({});
          log.info("a job that was given up is let go of", { queue: service, jobId: id, userId: asked.userId });
          return {};
        },
      },
    };
  },
});
