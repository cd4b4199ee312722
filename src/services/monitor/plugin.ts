import { type Host, joinHandlers, onAll, plugin, type Tx } from "#kernel";
import { serviceDeregistered, serviceRegistered } from "#events/monitor";
import { streamingStarted, streamingStopped } from "#events/streaming";
import { monitor } from "./contract.ts";
import { createMetrics, createUpkeep } from "./metrics.ts";
import { migrations } from "./migrations.ts";
import { createProcessChanges } from "./process-changes.ts";
import { createReports, createWatch } from "./reports.ts";
import * as store from "./store.ts";

export const monitorPlugin = plugin({
  contract: monitor,
  needs: [],
  migrations,
  events: [serviceRegistered, serviceDeregistered],
  start(host: Host<store.Tables>) {
    const changes = createProcessChanges(host);
    /** Events count as samples of the minute of their arrival. */
    const count = (tx: Tx<store.Tables>, name: string, value: number) =>
      store.addSamples(tx, "events", host.now(), [{ name, labels: {}, value }]);
    return {
      handlers: joinHandlers(createReports(host, changes), createMetrics(host)),
      subscriptions: [
        onAll(streamingStarted, (tx, events) => count(tx, "streaming_started_total", events.length)),
        onAll(streamingStopped, (tx, events) => count(tx, "streaming_stopped_total", events.length)),
      ],
      schedules: [createWatch(host, changes), createUpkeep(host)],
    };
  },
});
