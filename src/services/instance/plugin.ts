import { instanceChanged } from "#events/instance";
import { audited, type Host, plugin, joinHandlers } from "#kernel";
import { instance } from "./contract.ts";
import { createMailTest } from "./mail-test.ts";
import { migrations } from "./migrations.ts";
import { createOverview } from "./overview/overview.ts";
import { createProperties } from "./properties.ts";
import { Settings } from "./settings.ts";
import type * as store from "./store.ts";
import { createUpdate } from "./update.ts";

export const instancePlugin = plugin({
  contract: instance,
  needs: [],
  needsAll: true,
  migrations,
  events: [instanceChanged, audited],
  settings: Settings,
  start(host: Host<store.Tables, Settings>) {
    const reads = createProperties(host);
    return { handlers: joinHandlers(reads, createUpdate(host, reads.get), createMailTest(host), createOverview(host)) };
  },
});
