import { type Host, plugin } from "#kernel";
import { countsOf } from "#kernel/db/counts";
import { deletedUsers, userErased } from "#policy/deleted-users";
import { mutes } from "#policy/mutes";
import { media } from "#services/media/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import * as checkStore from "./check-store.ts";
import { message, messageSent, notificationCreated } from "./contract.ts";
import { conversingOf } from "./conversations.ts";
import * as forgetStore from "./forget-store.ts";
import { deliveryJobs, removalJobs } from "./jobs.ts";
import { updatingOf } from "./live-updates.ts";
import { writingOf } from "./messages.ts";
import { migrations } from "./migrations.ts";
import { deliveryOf } from "./notification-delivery.ts";
import * as notificationStore from "./notification-store.ts";
import { noticingOf } from "./notifications.ts";
import { recipientsOf } from "./recipients.ts";
import * as store from "./store.ts";
import { subscriptionsOf } from "./subscriptions.ts";
import { Wakes } from "./wakes.ts";

/** Far longer than any event or call is under way. */
const deletedKeepMs = 8 * 24 * 3_600_000;

export const messagePlugin = plugin({
  contract: message,
  needs: [video, user, relation, media],
  migrations,
  copies: [deletedUsers, mutes],
  events: [messageSent, notificationCreated, userErased],
  start(host: Host<store.Tables>) {
    const { db, now } = host;
    const wakes = new Wakes();
    const delivery = deliveryOf(host);
    const updating = updatingOf(host, wakes);

    return {
      handlers: {
        ...writingOf(host, wakes),
        ...conversingOf(host, wakes),
        ...noticingOf(host, delivery, wakes),
        ...updating.handlers,
      },

      subscriptions: subscriptionsOf(host, delivery),

      jobs: [
        ...deliveryJobs(host, { delivery, recipients: recipientsOf(host), wakes }),
        ...removalJobs(host, { delivery, wakes }),
      ],

      async *verify() {
        for (const { id } of await checkStore.lost(db)) yield `nobody has message ${id}`;
      },

      schedules: [
        {
          name: "message.old",
          pattern: "23 * * * *",
          run: () =>
            db.tx(async (tx) => {
              await notificationStore.dropOld(tx, now() - notificationStore.keptMs);
              await store.forgetGone(tx, now() - deletedKeepMs);
              await forgetStore.forgetMarks(tx, now() - deletedKeepMs);
            }),
        },
      ],

      async stop() {
        updating.stop();
      },
    };
  },
  derived: ({ db }) => [countsOf(db, checkStore.counts)],
});
