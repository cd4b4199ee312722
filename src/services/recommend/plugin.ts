import { userErased } from "#events/auth";
import { type Host, plugin, type Subscription, joinHandlers } from "#kernel";
import { interaction } from "#services/interaction/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { deletedUsers } from "#policy/copies/deleted-users";
import { catalogueOf } from "./catalogue.ts";
import { recommend } from "./contract.ts";
import { exclusionsOf } from "./exclusions/exclusions.ts";
import { feedCountersOf } from "./feeds/feed-counters.ts";
import { feedsOf } from "./feeds/feeds.ts";
import { pageLogOf } from "./feeds/page-log.ts";
import { mutesOf } from "./exclusions/mutes.ts";
import { notInterestedOf } from "./exclusions/not-interested.ts";
import { modelAdministrationOf } from "./model/administration.ts";
import { Models } from "./model/models.ts";
import { migrations } from "./migrations.ts";
import { trainerOf } from "./model/trainer.ts";
import { Memory } from "./memory.ts";
import { projectionsOf } from "./projections.ts";
import { Settings } from "./settings.ts";
import type { Tables } from "./store.ts";
import { yourFeedOf } from "./viewers/your-feed.ts";
import { relatedVideosOf } from "./related/related.ts";
import { subscriptionsOf } from "./subscriptions.ts";

export const recommendPlugin = plugin({
  contract: recommend,
  needs: [video, user, relation, interaction],
  migrations,
  copies: [deletedUsers],
  events: [userErased],
  settings: Settings,
  start(host: Host<Tables, Settings>) {
    const exclusions = exclusionsOf(host);
    const models = new Models(host);
    const counters = feedCountersOf(host, models);
    const memory = new Memory({ ...host, learned: (signal) => counters.addSignal(signal) });
    const trainer = trainerOf(host, memory);
    const pageLog = pageLogOf(host);
    return {
      handlers: joinHandlers(
        catalogueOf(host, exclusions),
        feedsOf(host, { exclusions, memory, models, pageLog, counters }),
        notInterestedOf(host),
        mutesOf(host),
        yourFeedOf(host, memory),
        modelAdministrationOf(host, trainer),
        relatedVideosOf(host, { exclusions, memory, models }),
      ),
      subscriptions: subscriptionsOf(host).map(
        (one): Subscription<Tables> => ({
          type: one.type,
          async handle(tx, events) {
            await one.handle(tx, events);
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
