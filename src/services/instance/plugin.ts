import { instanceChanged } from "#events/instance";
import { audited, type Host, plugin, joinHandlers } from "#kernel";
import { instance } from "./contract.ts";
import { mailTest } from "./mail-test.ts";
import { migrations } from "./migrations.ts";
import { overview } from "./overview/overview.ts";
import { properties } from "./properties.ts";
import { Settings } from "./settings.ts";
import type * as store from "./store.ts";
import { update } from "./update.ts";

export const instancePlugin = plugin({
  contract: instance,
  needs: [],
  needsAll: true,
  migrations,
  events: [instanceChanged, audited],
  settings: Settings,
  start(host: Host<store.Tables, Settings>) {
    const own = properties(host);
    return { handlers: joinHandlers(own, update(host, own.get), mailTest(host), overview(host)) };
  },
});
