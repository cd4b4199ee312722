import { type Host, plugin } from "#kernel";
import { interaction } from "#services/interaction/contract";
import { relation } from "#services/relation/contract";
import { video } from "#services/video/contract";
import { catalogueOf } from "./catalogue.ts";
import { recommend } from "./contract.ts";
import { exclusionsOf } from "./exclusions.ts";
import { migrations } from "./migrations.ts";
import { projectionsOf } from "./projections.ts";
import * as store from "./store.ts";
import { subscriptionsOf } from "./subscriptions.ts";

export const recommendPlugin = plugin({
  contract: recommend,
  needs: [video, relation, interaction],
  migrations,
  start(host: Host<store.Tables>) {
    const { db } = host;
    const exclusions = exclusionsOf(host);
    return {
      handlers: {
        ...catalogueOf(host, exclusions),

        async feed({ cursor, limit }, call) {
          const { items, next } = await store.latest(db.read(call), { cursor, limit, skip: 0, count: false });
          return { items: items.map(({ videoId }) => ({ videoId, reason: "fresh" as const })), next };
        },

        async before({ beforeMs, limit }, call) {
          const rows = await store.publishedBefore(db.read(call), beforeMs, limit + 1);
          const nextRow = rows[limit];
          // One instant may have more videos than a page, which then is cut.
          const whole = rows.slice(0, limit).filter(({ publishedAtMs }) => publishedAtMs !== nextRow?.publishedAtMs);
          return { items: whole.length > 0 ? whole : rows.slice(0, limit) };
        },
      },
      subscriptions: subscriptionsOf(host),
    };
  },
  projections: projectionsOf,
});
