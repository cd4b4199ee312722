import { userErased } from "#events/auth";
import { messageSent, notificationCreated } from "#events/message";
import { type Host, plugin, joinHandlers } from "#kernel";
import { createCountProjection } from "#kernel/db/counts";
import { deletedUsers } from "#policy/copies/deleted-users";
import { mutes } from "#policy/copies/mutes";
import { live } from "#services/live/contract";
import { media } from "#services/media/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { auth } from "#services/auth/contract";
import { createNotificationMails } from "./alerts/mails.ts";
import { createPushDevices, createPushMessages } from "./alerts/push.ts";
import { createPushSender } from "./alerts/push-sender.ts";
import * as checkStore from "./check-store.ts";
import { message } from "./contract.ts";
import { createConversationChanges } from "./conversations/conversation-changes.ts";
import { createConversations } from "./conversations/conversations.ts";
import * as forgetStore from "./erasure-store.ts";
import { createDeliveryJobs, createRemovalJobs } from "./jobs.ts";
import { createMessageLists } from "./conversations/message-lists.ts";
import { createMessages } from "./conversations/messages.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import { createDelivery } from "./notifications/delivery.ts";
import * as notificationStore from "./notifications/notification-store.ts";
import { createNotifications } from "./notifications/notifications.ts";
import { createNotificationSettings } from "./notifications/settings.ts";
import { createRecipients } from "./notifications/recipients.ts";
import { Settings } from "./settings.ts";
import * as store from "./store.ts";
import { createSweeps } from "./sweeps/sweeps.ts";
import { subscriptionsOf } from "./subscriptions.ts";
import { createTickets } from "./updates/tickets.ts";
import { createUpdateStream } from "./updates/update-stream.ts";
import { createUpdates } from "./updates/updates.ts";
import { UpdateListeners } from "./update-listeners.ts";

/** Far longer than any event or call is under way. */
const deletedKeepMs = 8 * 24 * 3_600_000;

export const messagePlugin = plugin({
  contract: message,
  needs: [video, live, user, relation, media, auth],
  migrations,
  partitionKeys,
  copies: [deletedUsers, mutes],
  events: [messageSent, notificationCreated, userErased],
  keys: ["end-mails"],
  settings: Settings,
  async start(host: Host<store.Tables, Settings>) {
    const { db, now, key } = host;
    const listeners = new UpdateListeners();
    const mails = createNotificationMails(host, key("end-mails"));
    const sender = createPushSender(host);
    const push = createPushMessages(host, sender);
    const delivery = createDelivery(host, [mails.note, push.notify]);
    const sweeps = createSweeps(host);
    const stream = createUpdateStream(host, listeners);

    return {
      handlers: joinHandlers(
        createMessages(host, { listeners, push }),
        createMessageLists(host),
        createConversations(host),
        createConversationChanges(host, listeners),
        createNotifications(host, delivery, listeners),
        createNotificationSettings(host),
        createUpdates(host),
        createTickets(host),
        stream.handlers,
        mails.handlers,
        createPushDevices(host, sender),
      ),

      subscriptions: [...subscriptionsOf(host, delivery), ...sweeps.subscriptions],

      jobs: [
        ...createDeliveryJobs(host, { delivery, recipients: createRecipients(host), listeners }),
        ...createRemovalJobs(host, { delivery, listeners }),
        sweeps.jobKind,
        mails.jobKind,
        push.jobKind,
      ],

      async *verify() {
        for (const { id } of await checkStore.unreachable(db)) yield `nobody has message ${id}`;
      },

      schedules: [
        mails.schedule,
        {
          name: "message.old",
          pattern: "23 * * * *",
          run: () =>
            db.tx(async (tx) => {
              await notificationStore.dropOld(tx, now() - notificationStore.keepMs);
              await store.deleteTombstones(tx, now() - deletedKeepMs);
              await forgetStore.deleteMarks(tx, now() - deletedKeepMs);
            }),
        },
      ],

      async stop() {
        stream.stop();
      },
    };
  },
  projections: ({ db }) => [createCountProjection(db, checkStore.counts)],
});
