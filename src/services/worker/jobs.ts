import type { Handlers, Host } from "#kernel";
import { readCursor } from "#kernel/cursor";
import { administeredBy, createClientByName, createOnBehalf, rowsOfAll } from "./administered-services.ts";
import { JobNotFound, JobReplaced, type worker } from "./contract.ts";
import { pageOfMerged, wantedOfEach } from "./merged-page.ts";

type JobHandlers = Pick<Handlers<typeof worker>, "dead" | "retry" | "discard">;

/** The administration of failed jobs, which stay with their services. */
export function createJobHandlers(host: Pick<Host, "services" | "client" | "call" | "log">): JobHandlers {
  const { call: newCall, log } = host;
  const behalf = createOnBehalf(newCall);
  const clientOf = createClientByName(host);

  return {
    async dead({ cursor, ...page }, call) {
      // Ids of two services may be alike: the place of the service is the end of the sort key.
      const [last = Number.MAX_SAFE_INTEGER - 1, place = administeredBy(host).length] =
        cursor === undefined ? [] : readCursor(cursor, 2);
      const limit = wantedOfEach(page);
      const rows = await rowsOfAll(host, async ({ service, client }, at) => {
        const before = Math.max(1, at > place ? last + 1 : last);
        const { items } = await client.deadJobs({ before, limit }, behalf(call));
        return items.map((job) => ({ ...job, service, at }));
      });
      const all = rows.toSorted((a, b) => b.id - a.id || a.at - b.at);
      return pageOfMerged(all, page, ({ id, at }) => [id, at]);
    },

    async retry({ service, id }, call) {
      const answer = await clientOf(service)?.retryJob({ id }, behalf(call));
      if (!answer || answer.result === "gone") throw JobNotFound({});
      if (answer.result === "taken") throw JobReplaced({});
      log.info("a failed job is queued again", { queue: service, jobId: id, userId: call.userId });
      return {};
    },

    async discard({ service, id }, call) {
      const answer = await clientOf(service)?.discardJob({ id }, behalf(call));
      if (!answer?.isThere) throw JobNotFound({});
      log.info("a failed job is discarded", { queue: service, jobId: id, userId: call.userId });
      return {};
    },
  };
}
