import { type Host, joinHandlers, plugin } from "#kernel";
import { monitor } from "./contract.ts";
import { createMetrics, createUpkeep } from "./metrics.ts";
import { migrations } from "./migrations.ts";
import { createReports, createWatch } from "./reports.ts";
import type * as store from "./store.ts";

export const monitorPlugin = plugin({
  contract: monitor,
  needs: [],
  migrations,
  start: (host: Host<store.Tables>) => ({
    handlers: joinHandlers(createReports(host), createMetrics(host)),
    schedules: [createWatch(host), createUpkeep(host)],
  }),
});
