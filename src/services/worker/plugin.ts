import { type Host, plugin, joinHandlers } from "#kernel";
import { worker } from "./contract.ts";
import { createEventHandlers } from "./events.ts";
import { createJobHandlers } from "./jobs.ts";

/** Lets administrators decide about the failed jobs and dead letters of all services; has no tables of its own. */
export const workerPlugin = plugin({
  contract: worker,
  needs: [],
  needsAll: true,
  migrations: [],
  start: (host: Host) => ({ handlers: joinHandlers(createJobHandlers(host), createEventHandlers(host)) }),
});
