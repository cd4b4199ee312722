import { userErased } from "#events/auth";
import { messageSent, notificationCreated } from "#events/message";
import { type Host, plugin, joinHandlers } from "#kernel";
import { countsOf } from "#kernel/db/counts";
import { deletedUsers } from "#policy/copies/deleted-users";
import { mutes } from "#policy/copies/mutes";
import { live } from "#services/live/contract";
import { media } from "#services/media/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { auth } from "#services/auth/contract";
import { notificationMails } from "./alerts/mails.ts";
import { pushDevices, pushMessages } from "./alerts/push.ts";
import { pushSender } from "./alerts/push-sender.ts";
import * as checkStore from "./check-store.ts";
import { message } from "./contract.ts";
import { conversationChangesOf } from "./conversations/conversation-changes.ts";
import { conversationsOf } from "./conversations/conversations.ts";
import * as forgetStore from "./erasure-store.ts";
import { deliveryJobs, removalJobs } from "./jobs.ts";
import { messageListsOf } from "./conversations/message-lists.ts";
import { messagesOf } from "./conversations/messages.ts";
import { migrations } from "./migrations.ts";
import { deliveryOf } from "./notifications/delivery.ts";
import * as notificationStore from "./notifications/notification-store.ts";
import { notificationsOf } from "./notifications/notifications.ts";
import { notificationSettingsOf } from "./notifications/settings.ts";
import { recipientsOf } from "./notifications/recipients.ts";
import { Settings } from "./settings.ts";
import * as store from "./store.ts";
import { subscriptionsOf } from "./subscriptions.ts";
import { ticketsOf } from "./updates/tickets.ts";
import { updateStreamOf } from "./updates/update-stream.ts";
import { updatesOf } from "./updates/updates.ts";
import { UpdateListeners } from "./update-listeners.ts";

/** Far longer than any event or call is under way. */
const deletedKeepMs = 8 * 24 * 3_600_000;

export const messagePlugin = plugin({
  contract: message,
  needs: [video, live, user, relation, media, auth],
  migrations,
  copies: [deletedUsers, mutes],
  events: [messageSent, notificationCreated, userErased],
  settings: Settings,
  async start(host: Host<store.Tables, Settings>) {
    const { db, now, secret } = host;
    const listeners = new UpdateListeners();
    const mails = notificationMails(host, await secret("end-mails"));
    const sender = pushSender(host);
    const push = pushMessages(host, sender);
    const delivery = deliveryOf(host, [mails.note, push.notify]);
    const stream = updateStreamOf(host, listeners);

    return {
      handlers: joinHandlers(
        messagesOf(host, { listeners, push }),
        messageListsOf(host),
        conversationsOf(host),
        conversationChangesOf(host, listeners),
        notificationsOf(host, delivery, listeners),
        notificationSettingsOf(host),
        updatesOf(host),
        ticketsOf(host),
        stream.handlers,
        mails.handlers,
        pushDevices(host, sender),
      ),

      subscriptions: subscriptionsOf(host, delivery),

      jobs: [
        ...deliveryJobs(host, { delivery, recipients: recipientsOf(host), listeners }),
        ...removalJobs(host, { delivery, listeners }),
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
  projections: ({ db }) => [countsOf(db, checkStore.counts)],
});
