import type { Host, Id, Language, RotatingKey } from "#kernel";
import { notificationsLetter } from "#policy/mails/notifications";
import { auth } from "#services/auth/contract";
import type { z } from "zod";
import type { Tables } from "../store.ts";
import { mailKinds } from "../notifications/settings.ts";
import { itemOf, settingKind, namesOf, pathOf, type Sender } from "./alert-items.ts";
import type { AlertRow, Due } from "./alert-store.ts";
import * as alertStore from "./alert-store.ts";
import { endTokenOf } from "./end-token.ts";

const mailed: ReadonlySet<string> = new Set(mailKinds);
/** Notifications in one mail. */
const itemsMax = 20;

type Letter = z.input<(typeof auth)["methods"]["sendLetters"]["input"]>["letters"][number];

/** The texts of notification mails, in the language of their reader. */
export interface MailLetters {
  /** The letters of users who get mails and have unread notifications. */
  readonly lettersFor: (due: readonly Due[]) => Promise<Letter[]>;
}

export function createMailLetters(host: Pick<Host<Tables>, "db" | "client" | "call">, key: RotatingKey): MailLetters {
  const { db, client, call } = host;

  async function lettersFor(due: readonly Due[]) {
    const userIds = due.map(({ userId }) => userId);
    const [{ items: recipients }, off, rows] = await Promise.all([
      client(auth).mailRecipients({ userIds }, call()),
      alertStore.mailsOff(db, userIds),
      alertStore.unreadSince(db, due, itemsMax),
    ]);
    const wanted = rows.filter(({ userId, kind }) => {
      // The service of accounts mails its alerts itself, at once and whatever is switched off.
      if (kind === "alerted") return false;
      const setting = settingKind(kind);
      return mailed.has(setting) && !(off.get(userId) ?? []).includes(setting);
    });
    const names = await namesOf(host, wanted);
    return recipients.flatMap(({ userId, username, language, getsMails }) => {
      const rowsOfUser = wanted.filter((row) => row.userId === userId);
      const [latest] = rowsOfUser;
      if (!getsMails || latest === undefined) return [];
      return letterOf({ userId, username, language }, rowsOfUser, latest, names);
    });
  }

  function letterOf(
    { userId, username, language }: { userId: Id; username: string; language: Language },
    rows: readonly AlertRow[],
    latest: AlertRow,
    names: ReadonlyMap<Id, Sender>,
  ) {
    const { actionLabel, ...letter } = notificationsLetter(
      language,
      username,
      rows.map((row) => itemOf(row, names)),
    );
    const path = rows.length === 1 ? pathOf(latest, names) : "/inbox/notifications";
    return {
      ...letter,
      userId,
      language,
      id: `${userId}.${latest.lastSeq}`,
      action: { label: actionLabel, path },
      endToken: endTokenOf(key, userId),
    };
  }

  return { lettersFor };
}
