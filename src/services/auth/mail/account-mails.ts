import { type Host, type Id, job, type JobKind, type Language, type Tx } from "#kernel";
import { emailKey } from "#kernel/text";
import { defaultTheme } from "#policy/accent";
import { mailOf, type MailText, type Sender } from "#policy/mails/layout";
import { endOfNotifications } from "#policy/mails/notifications";
import { addressChangedMail, resetMail, verificationMail } from "#policy/mails/mails";
import type { z } from "zod";
import type { auth } from "../contract.ts";
import { storeReset } from "../password-reset.ts";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import { hashSecret } from "../tokens.ts";
import * as mailStore from "./mail-store.ts";

/**
 * An order for a mail. It holds no token of an account: each attempt makes a new one, so that none is stored readably.
 * The token of a notification mail can do nothing but end such mails.
 */
type Order =
  | { readonly kind: "verification"; readonly userId: Id }
  | { readonly kind: "address_changed"; readonly userId: Id; readonly to: string }
  /** For an address that may be nobody's: the job finds out, so that a request for a known one takes no longer. */
  | { readonly kind: "reset"; readonly email: string }
  | { readonly kind: "notifications"; readonly letter: NotificationLetter };

/** A notification mail from the message service to a user. */
export type NotificationLetter = z.output<(typeof auth)["methods"]["sendLetters"]["input"]>["letters"][number];

const verificationLifeMs = 48 * 3_600_000;
/** Beyond an hour: servers that do not know a sender let it try again later. */
const attemptsMax = 18;

interface Letter extends MailText {
  readonly to: string;
  readonly unsubscribeUrl?: string;
}
type MailHost = Pick<Host<Tables, Settings>, "db" | "jobs" | "mail" | "now" | "random" | "settings">;

/** Mails to accounts, queued in the transaction of their reason. Without a mail server none are queued. */
export interface AccountMails {
  readonly isOn: boolean;
  readonly jobKind: JobKind;
  /** Asks the owner of the account's address to confirm it. */
  readonly verify: (tx: Tx<Tables>, userId: Id) => Promise<void>;
  readonly addressChanged: (tx: Tx<Tables>, userId: Id, to: string) => Promise<void>;
  readonly notifications: (tx: Tx<Tables>, letter: NotificationLetter) => Promise<void>;
  readonly reset: (tx: Tx<Tables>, email: string) => Promise<void>;
}

export function createAccountMails({ db, jobs, mail, now, random, settings }: MailHost): AccountMails {
  const isOn = mail.isConfigured;
  const add = async (tx: Tx<Tables>, order: Order, uniqueKey: string, ownerId?: Id) => {
    if (isOn) await jobs.add(tx, "mail", { payload: order, uniqueKey, ...(ownerId !== undefined && { ownerId }) });
  };
  const newToken = () => random(24).toString("base64url");

  async function sender(): Promise<Sender> {
    const site = await mailStore.site(db);
    const { accent, ink } = defaultTheme.light;
    return {
      name: site?.name ?? settings.siteName,
      accent: site?.accent ?? accent,
      ink: site?.ink ?? ink,
      address: settings.address,
    };
  }

  /** The mail of an order; undefined where there is nothing to say any more. */
  async function write(order: Order): Promise<Letter | undefined> {
    if (order.kind === "reset") return writeReset(order.email);
    if (order.kind === "notifications")
      return notificationMail(await mailStore.recipient(db, order.letter.userId), await sender(), order.letter);
    const account = await mailStore.recipient(db, order.userId);
    if (!account) return undefined;
    const to = { username: account.username, language: account.language ?? fallback };
    if (order.kind === "address_changed") return { ...addressChangedMail(await sender(), to), to: order.to };
    const { email, emailKey: key, verifiedAtMs } = account;
    if (email === null || key === null || verifiedAtMs !== null) return undefined;
    const token = newToken();
    const row = { token_hash: hashSecret(token), email_key: key, expires_at_ms: now() + verificationLifeMs };
    await db.tx((tx) => mailStore.storeVerification(tx, { user_id: order.userId, ...row }));
    return { ...verificationMail(await sender(), to, token), to: email };
  }

  async function writeReset(address: string): Promise<Letter | undefined> {
    const account = await mailStore.verifiedOwner(db, emailKey(address));
    // A banned account may have a new password; what it may not do is sign in.
    if (!account || account.email === null || account.state === "pending") return undefined;
    const { userId, username, email, language } = account;
    const token = newToken();
    await db.tx((tx) => storeReset(tx, userId, token, now()));
    return { ...resetMail(await sender(), { username, language: language ?? fallback }, token), to: email };
  }

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
    notifications: (tx: Tx<Tables>, letter: NotificationLetter) =>
      add(tx, { kind: "notifications", letter }, `notifications ${letter.id}`, letter.userId),
    reset: (tx: Tx<Tables>, email: string) => add(tx, { kind: "reset", email }, `reset ${hashSecret(emailKey(email))}`),
  };
}

const fallback: Language = "en";

/** A notification mail; undefined where its reader gets none any more. Pure. */
function notificationMail(
  account: mailStore.MailRecipient | undefined,
  from: Sender,
  { language, subject, paragraphs, action, endToken }: NotificationLetter,
): Letter | undefined {
  if (!account || account.email === null || account.verifiedAtMs === null || account.state === "pending")
    return undefined;
  const text = mailOf(from, {
    language,
    subject,
    paragraphs,
    action: { label: action.label, url: from.address + action.path },
    notes: [],
    end: { label: endOfNotifications[language], url: `${from.address}/end-mails#${endToken}` },
  });
  // Mail programs post to it by themselves when their user asks for it (RFC 8058).
  const unsubscribeUrl = `${from.address}/api/v1/notifications/end-mails?token=${encodeURIComponent(endToken)}`;
  return { ...text, to: account.email, unsubscribeUrl };
}
