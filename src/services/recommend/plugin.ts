import { userErased } from "#events/auth";
import { type Host, plugin, type Subscription, joinHandlers } from "#kernel";
import { interaction } from "#services/interaction/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { deletedUsers } from "#policy/copies/deleted-users";
import { createCatalogue } from "./catalogue.ts";
import { recommend } from "./contract.ts";
import { createExclusions } from "./exclusions/exclusions.ts";
import { createFeedCounters } from "./feeds/feed-counters.ts";
import { createFeeds } from "./feeds/feeds.ts";
import { createPageLog } from "./feeds/page-log.ts";
import { createMutes } from "./exclusions/mutes.ts";
import { createNotInterested } from "./exclusions/not-interested.ts";
import { createModelAdministration } from "./model/administration.ts";
import { Models } from "./model/models.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import { createTrainer } from "./model/trainer.ts";
import { Memory } from "./memory.ts";
import { projectionsOf } from "./projections.ts";
import { Settings } from "./settings.ts";
import type { Tables } from "./store.ts";
import { createYourFeed } from "./viewers/your-feed.ts";
import { createRelatedVideos } from "./related/related.ts";
import { subscriptionsOf } from "./subscriptions.ts";

export const recommendPlugin = plugin({
  contract: recommend,
  needs: [video, user, relation, interaction],
  migrations,
  partitionKeys,
  copies: [deletedUsers],
  events: [userErased],
  settings: Settings,
  start(host: Host<Tables, Settings>) {
    const findExclusions = createExclusions(host);
    const models = new Models(host);
    const counters = createFeedCounters(host, models);
    const memory = new Memory({ ...host, learned: (signal) => counters.addSignal(signal) });
    const trainer = createTrainer(host, memory);
    const pageLog = createPageLog(host);
    return {
      handlers: joinHandlers(
        createCatalogue(host, findExclusions),
        createFeeds(host, { findExclusions, memory, models, pageLog, counters }),
        createNotInterested(host),
        createMutes(host),
        createYourFeed(host, memory),
        createModelAdministration(host, trainer),
        createRelatedVideos(host, { findExclusions, memory, models }),
      ),
      subscriptions: subscriptionsOf(host).map(
        (subscription): Subscription<Tables> => ({
          type: subscription.type,
          async handle(tx, events) {
            await subscription.handle(tx, events);
            memory.change();
          },
        }),
      ),
      jobs: trainer.jobs,
      schedules: [pageLog.expiry, ...trainer.schedules],
      stop: () => pageLog.flush(),
    };
  },
  projections: projectionsOf,
});
