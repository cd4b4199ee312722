import { type Handlers, type Host, job, type JobKind, type RotatingKey, type Schedule, type Tx } from "#kernel";
import { auth } from "#services/auth/contract";
import { BadMailToken, type message } from "../contract.ts";
import * as notificationStore from "../notifications/notification-store.ts";
import { mailKinds } from "../notifications/settings.ts";
import type { Tables } from "../store.ts";
import type { Due } from "./alert-store.ts";
import * as alertStore from "./alert-store.ts";
import { userOfEndToken } from "./end-token.ts";
import { createMailLetters } from "./mail-letters.ts";

/** Notifications within this time after the first are in the same mail. The schedule looks each minute. */
const groupedMs = 30_000;
/** Users whose mails are written at once. */
const batchSize = 100;

type MailHost = Pick<Host<Tables>, "db" | "client" | "call" | "now" | "jobs" | "mail">;

/** Mails about notifications that are still unread when their minute is over. */
export interface NotificationMails {
  readonly jobKind: JobKind;
  readonly schedule: Schedule;
  /** Records new notifications, in the transaction that stores them. Without a mail server nothing is recorded. */
  readonly note: (tx: Tx<Tables>, due: readonly Due[]) => Promise<void>;
  readonly handlers: Pick<Handlers<typeof message>, "endMails">;
}

export function createNotificationMails(host: MailHost, key: RotatingKey): NotificationMails {
  const { db, client, call, now, jobs, mail } = host;

  const { lettersFor } = createMailLetters(host, key);

  const jobKind: JobKind = job<object>({
    kind: "mails",
    concurrency: 1,
    attemptsMax: 12,
    leaseMs: 60_000,
    async run(running) {
      for (;;) {
        // A process that stops leaves the rest to the next one.
        running.signal.throwIfAborted();
        const due = await alertStore.dueMails(db, now(), batchSize);
        if (due.length === 0) break;
        const letters = await lettersFor(due);
        if (letters.length > 0) await client(auth).sendLetters({ letters }, call());
        await running.step(async (tx: Tx<Tables>) => {
          await alertStore.removeDueMails(
            tx,
            due.map(({ userId }) => userId),
          );
        });
      }
      await running.finish(async () => undefined);
    },
  });

  const schedule: Schedule = {
    name: "message.mails",
    pattern: "* * * * *",
    async run() {
      if ((await alertStore.dueMails(db, now(), 1)).length === 0) return;
      await db.tx(async (tx) => void (await jobs.add(tx, "mails", { payload: {}, uniqueKey: "due" })));
    },
  };

  return {
    jobKind,
    schedule,
    note: async (tx: Tx<Tables>, due: readonly Due[]): Promise<void> => {
      if (mail.isConfigured && due.length > 0) await alertStore.addDueMails(tx, due, now() + groupedMs);
    },

    handlers: {
      async endMails({ token }: { token: string }) {
        const userId = userOfEndToken(key, token);
        if (userId === undefined) throw BadMailToken({});
        await db.tx(async (tx) => {
          await notificationStore.lockSettings(tx, userId);
          const before = await notificationStore.disabledKinds(tx, userId);
          await notificationStore.setDisabledKinds(tx, userId, { ...before, mailOff: mailKinds });
        });
        return {};
      },
    },
  };
}
