import { cacheInvalidated, cacheWarmed } from "#events/cache";
import { audited, type Handlers, type Host, joinHandlers, plugin } from "#kernel";
import { cache } from "./contract.ts";
import { createInvalidation } from "./invalidation.ts";
import { migrations } from "./migrations.ts";
import { createPolicies } from "./policies.ts";
import { ProcessReports } from "./process-reports.ts";
import * as store from "./store.ts";
import { createWarmUp } from "./warm-up.ts";

export const cachePlugin = plugin({
  contract: cache,
  needs: [],
  migrations,
  events: [audited, cacheInvalidated, cacheWarmed],
  async start(host: Host<store.Tables>) {
    const { db, caches } = host;
    const reports = new ProcessReports(host);
    async function applyChanges(): Promise<void> {
      const changes = await store.changesAfter(db, caches.revision);
      if (changes) caches.apply(changes);
    }
    await applyChanges();
    const parts = { reports, applyChanges };
    const warmUp = createWarmUp(host, reports);
    const follow: Handlers<typeof cache>["follow"] = async ({ process, revision, reports: ofProcess }) => {
      if (ofProcess) reports.record(process, ofProcess);
      const changes = await store.changesAfter(db, revision);
      return { ...(changes && { changes }), warmings: await store.warmingsFor(db, process) };
    };

    return {
      handlers: joinHandlers(createPolicies(host, parts), createInvalidation(host, parts), warmUp.handlers, {
        follow,
        reports: async () => ({ items: reports.listReceived() }),
      }),
      jobs: warmUp.jobs,
    };
  },
});
