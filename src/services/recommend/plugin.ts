import { type Host, plugin } from "#kernel";
import { interaction } from "#services/interaction/contract";
import { relation } from "#services/relation/contract";
import { video } from "#services/video/contract";
import { catalogueOf } from "./catalogue.ts";
import { recommend } from "./contract.ts";
import { exclusionsOf } from "./exclusions/exclusions.ts";
import { feedsOf } from "./feeds/feeds.ts";
import { deletedUsers, userErased } from "#policy/deleted-users";
import { notInterestedOf } from "./exclusions/not-interested.ts";
import { migrations } from "./migrations.ts";
import { projectionsOf } from "./projections.ts";
import type { Tables } from "./store.ts";
import { relatedVideosOf } from "./related/related.ts";
import { subscriptionsOf } from "./subscriptions.ts";

export const recommendPlugin = plugin({
  contract: recommend,
  needs: [video, relation, interaction],
  migrations,
  copies: [deletedUsers],
  events: [userErased],
  start(host: Host<Tables>) {
    const exclusions = exclusionsOf(host);
    return {
      handlers: {
        ...catalogueOf(host, exclusions),
        ...feedsOf(host, exclusions),
        ...notInterestedOf(host),
        ...relatedVideosOf(host, exclusions),
      },
      subscriptions: subscriptionsOf(host),
    };
  },
  projections: projectionsOf,
});
