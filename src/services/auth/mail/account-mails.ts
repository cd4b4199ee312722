import { type Host, type Id, job, type JobKind, type Tx } from "#kernel";
import { emailKey } from "#kernel/text";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import { hashSecret } from "../tokens.ts";
import { type AlertNotice, createLetters, type NotificationLetter, type Order, type Rejection } from "./letters.ts";

/** Beyond an hour: servers that do not know a sender let it try again later. */
const attemptsMax = 18;

type MailHost = Pick<Host<Tables, Settings>, "db" | "jobs" | "mail" | "now" | "random" | "settings">;

/** Mails to accounts, queued in the transaction of their reason. Without a mail server none are queued. */
export interface AccountMails {
  readonly isOn: boolean;
  readonly jobKind: JobKind;
  /** Asks the owner of the account's address to confirm it. */
  readonly verify: (tx: Tx<Tables>, userId: Id) => Promise<void>;
  readonly alert: (tx: Tx<Tables>, alert: AlertNotice) => Promise<void>;
  /** A moderator says why an account was rejected, which is deleted already. */
  readonly rejected: (tx: Tx<Tables>, rejection: Rejection) => Promise<void>;
  readonly addressChanged: (tx: Tx<Tables>, userId: Id, to: string) => Promise<void>;
  readonly notifications: (tx: Tx<Tables>, letter: NotificationLetter) => Promise<void>;
  readonly reset: (tx: Tx<Tables>, email: string) => Promise<void>;
}

export function createAccountMails(host: MailHost): AccountMails {
  const { jobs, mail } = host;
  const isOn = mail.isConfigured;
  const add = async (tx: Tx<Tables>, order: Order, uniqueKey: string, ownerId?: Id) => {
    if (isOn) await jobs.add(tx, "mail", { payload: order, uniqueKey, ...(ownerId !== undefined && { ownerId }) });
  };
  const { sender, write } = createLetters(host);

  const jobKind: JobKind = job<Order>({
    kind: "mail",
    concurrency: 4,
    attemptsMax,
    leaseMs: 60_000,
    async run({ id, payload }) {
      const letter = await write(payload);
      if (letter) await mail.send({ ...letter, id: `${id}.auth`, senderName: (await sender()).name });
    },
  });

  return {
    isOn,
    jobKind,
    verify: (tx: Tx<Tables>, userId: Id) => add(tx, { kind: "verification", userId }, `verification ${userId}`, userId),
    addressChanged: (tx: Tx<Tables>, userId: Id, to: string) =>
      add(tx, { kind: "address_changed", userId, to }, `address_changed ${userId} ${hashSecret(to)}`, userId),
    rejected: (tx: Tx<Tables>, rejection: Rejection) =>
      add(tx, { kind: "rejection", rejection }, `rejection ${rejection.userId}`),
    alert: (tx: Tx<Tables>, alert: AlertNotice) =>
      add(tx, { kind: "alert", alert }, `alert ${alert.alertId}`, alert.userId),
    notifications: (tx: Tx<Tables>, letter: NotificationLetter) =>
      add(tx, { kind: "notifications", letter }, `notifications ${letter.id}`, letter.userId),
    reset: (tx: Tx<Tables>, email: string) => add(tx, { kind: "reset", email }, `reset ${hashSecret(emailKey(email))}`),
  };
}
