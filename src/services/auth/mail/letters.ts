import type { Host, Id, Language } from "#kernel";
import { emailKey } from "#kernel/text";
import { defaultTheme } from "#policy/accent";
import { alertMail } from "#policy/mails/alerts";
import { mailOf, type MailText, type Sender } from "#policy/mails/layout";
import {
  addressChangedMail,
  addressTakenMail,
  heldResetMail,
  rejectionMail,
  resetMail,
  verificationMail,
} from "#policy/mails/mails";
import { endOfNotifications } from "#policy/mails/notifications";
import type { z } from "zod";
import type { AlertKind, auth } from "../contract.ts";
import { storeReset } from "../passwords/password-reset.ts";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import { hashSecret } from "../tokens.ts";
import * as mailStore from "./mail-store.ts";
import * as undoStore from "./undo-store.ts";

/**
 * An order for a mail. It holds no token of an account: each attempt makes a new one, so that none is stored readably.
 * The token of a notification mail can do nothing but end such mails.
 */
export type Order =
  | { readonly kind: "verification"; readonly userId: Id }
  | { readonly kind: "address_changed"; readonly userId: Id; readonly to: string }
  | { readonly kind: "alert"; readonly alert: AlertNotice }
  | { readonly kind: "rejection"; readonly rejection: Rejection }
  /** For an address that may be nobody's: the job finds out, so that a request for a known one takes no longer. */
  | { readonly kind: "reset"; readonly email: string }
  | { readonly kind: "notifications"; readonly letter: NotificationLetter };

/** The answer to an application, with the address that its account had. */
export interface Rejection {
  readonly userId: Id;
  readonly to: string;
  readonly username: string;
  readonly message: string;
}

/** An act on an account, as its owner reads of it. */
export interface AlertNotice {
  readonly userId: Id;
  readonly alertId: Id;
  readonly kind: AlertKind;
  readonly agent: string;
  /** The name of the token that was made. A mail that an earlier version queued has none. */
  readonly name?: string;
  readonly atMs: number;
}

/** A notification mail from the message service to a user. */
export type NotificationLetter = z.output<(typeof auth)["methods"]["sendLetters"]["input"]>["letters"][number];

const verificationLifeMs = 48 * 3_600_000;
export interface Letter extends MailText {
  readonly to: string;
  readonly unsubscribeUrl?: string;
}

/** Writes the mails of accounts. */
export interface Letters {
  /** The instance as it signs its mails. */
  readonly sender: () => Promise<Sender>;
  /** The mail of an order; undefined where there is nothing to say any more. */
  readonly write: (order: Order) => Promise<Letter | undefined>;
}

export function createLetters({
  db,
  now,
  random,
  settings,
}: Pick<Host<Tables, Settings>, "db" | "now" | "random" | "settings">): Letters {
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

  async function write(order: Order): Promise<Letter | undefined> {
    if (order.kind === "reset") return writeReset(order.email);
    if (order.kind === "alert") return writeAlert(order.alert);
    if (order.kind === "rejection") {
      const { to: address, username, message } = order.rejection;
      return { ...rejectionMail(await sender(), { username, language: fallback }, message), to: address };
    }
    if (order.kind === "notifications")
      return notificationMail(await mailStore.recipient(db, order.letter.userId), await sender(), order.letter);
    const account = await mailStore.recipient(db, order.userId);
    if (!account) return undefined;
    const to = { username: account.username, language: account.language ?? fallback };
    if (order.kind === "address_changed") return writeAddressChanged(order, to);
    const { email, emailKey: key, verifiedAtMs } = account;
    if (email === null || key === null || verifiedAtMs !== null) return undefined;
    const owner = await mailStore.verifiedOwner(db, key);
    if (owner) {
      const { username, language } = owner;
      return { ...addressTakenMail(await sender(), { username, language: language ?? fallback }), to: email };
    }
    const token = newToken();
    const row = { token_hash: hashSecret(token), email_key: key, expires_at_ms: now() + verificationLifeMs };
    await db.tx((tx) => mailStore.storeVerification(tx, { user_id: order.userId, ...row }));
    return { ...verificationMail(await sender(), to, token), to: email };
  }

  async function writeAddressChanged(
    { userId, to: address }: { readonly userId: Id; readonly to: string },
    to: { readonly username: string; readonly language: Language },
  ): Promise<Letter> {
    const token = newToken();
    const isUndoable = await db.tx((tx) => undoStore.setToken(tx, userId, address, hashSecret(token)));
    return { ...addressChangedMail(await sender(), to, isUndoable ? token : undefined), to: address };
  }

  async function writeAlert({ userId, kind, agent, name = "", atMs }: AlertNotice): Promise<Letter | undefined> {
    const account = await mailStore.recipient(db, userId);
    // The mail about another address goes to the earlier one.
    if (!account?.email || account.verifiedAtMs === null || kind === "email_changed") return undefined;
    const to = { username: account.username, language: account.language ?? fallback };
    return { ...alertMail(await sender(), to, { kind, agent, name, atMs }), to: account.email };
  }

  async function writeReset(address: string): Promise<Letter | undefined> {
    const account = await mailStore.verifiedOwner(db, emailKey(address));
    // A banned account may have a new password; what it may not do is sign in.
    if (!account || account.email === null || account.state === "pending") return undefined;
    const { userId, username, email } = account;
    const language = account.language ?? fallback;
    const heldUntilMs = await undoStore.endOf(db, userId, now());
    if (heldUntilMs !== undefined)
      return { ...heldResetMail(await sender(), { username, language }, heldUntilMs), to: email };
    const token = newToken();
    await db.tx((tx) => storeReset(tx, userId, token, now()));
    return { ...resetMail(await sender(), { username, language }, token), to: email };
  }

  return { sender, write };
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
