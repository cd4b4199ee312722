import type { Host, Id } from "#kernel";
import { notificationText } from "#policy/mails/notifications";
import { auth } from "#services/auth/contract";
import * as notificationStore from "../notifications/notification-store.ts";
import type { Tables } from "../store.ts";
import type { AlertRow } from "./alert-store.ts";
import * as alertStore from "./alert-store.ts";
import { itemOf, settingKind, namesOf, pathOf } from "./alert-items.ts";
import type { PushMessage } from "./push-sender.ts";
import * as pushStore from "./push-store.ts";

export interface NewMessage {
  readonly conversationId: Id;
  readonly senderId: Id;
  readonly content: string;
}
/** News for a user: notifications from a number on, or a private message. */
export type News = { readonly firstSeq: number } | { readonly message: NewMessage };

const itemsMax = 5;
/** Frequent kinds: only the first one makes a sound; until it is read, the others just count on the site. */
const crowded: ReadonlySet<string> = new Set(["like", "comment_like", "follow"]);

/** The words of push messages, in the language of their reader. */
export interface PushContent {
  /** The messages to send now; none for notifications that were read or switched off since. */
  readonly messagesFor: (userId: Id, news: News) => Promise<PushMessage[]>;
}

export function createPushContent(host: Pick<Host<Tables>, "db" | "client" | "call">): PushContent {
  const { db, client, call } = host;

  async function messagesFor(userId: Id, news: News): Promise<PushMessage[]> {
    const [{ pushOff }, { items }] = await Promise.all([
      notificationStore.disabledKinds(db, userId),
      client(auth).mailRecipients({ userIds: [userId] }, call()),
    ]);
    const language = items[0]?.language ?? "en";
    if ("message" in news) {
      const { conversationId, senderId, content } = news.message;
      if (pushOff.includes("message")) return [];
      const names = await namesOf(host, [{ senderIds: [senderId] }]);
      const name = names.get(senderId)?.name;
      const item = { kind: "message", names: name === undefined ? [] : [name], senderCount: 1, title: "", content };
      const path = `/inbox/${conversationId}`;
      return [{ ...notificationText(language, item), path, tag: `conversation-${conversationId}` }];
    }
    const rows = await alertStore.unreadSince(db, [{ userId, firstSeq: news.firstSeq }], itemsMax);
    const loud = (await withoutCrowds(userId, rows, news.firstSeq)).filter(
      ({ kind }) => !pushOff.includes(settingKind(kind)),
    );
    const names = await namesOf(host, loud);
    return loud.map((row) => ({
      ...notificationText(language, itemOf(row, names)),
      path: pathOf(row, names),
      tag: `notification-${row.groupId}`,
    }));
  }

  async function withoutCrowds(userId: Id, rows: readonly AlertRow[], firstSeq: number): Promise<readonly AlertRow[]> {
    const groupIds = rows.filter(({ kind }) => crowded.has(kind)).map(({ groupId }) => groupId);
    if (groupIds.length === 0) return rows;
    const open = await pushStore.openGroups(db, userId, groupIds, firstSeq);
    return rows.filter(({ groupId }) => !open.has(groupId));
  }

  return { messagesFor };
}
