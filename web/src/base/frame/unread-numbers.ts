import { keyOf } from "#base/api/keys.ts";

/** The key of the query for these numbers; the viewer's ID follows. */
export const unreadKey = keyOf("unread");

/** How much is new, by the tabs of the inbox. */
export interface UnreadNumbers {
  readonly messages: number;
  readonly requests: number;
  readonly notifications: number;
}
export const nothingUnread: UnreadNumbers = { messages: 0, requests: 0, notifications: 0 };

export const sumOf = ({ messages, requests, notifications }: UnreadNumbers): number =>
  messages + requests + notifications;

/** The first tab with something new. `hasColumns`: notifications are beside each of the others. Pure. */
export function inboxPath(
  { messages, requests, notifications }: UnreadNumbers,
  hasColumns: boolean,
): "/inbox" | "/inbox/requests" | "/inbox/notifications" {
  if (messages > 0) return "/inbox";
  if (requests > 0) return "/inbox/requests";
  return notifications > 0 && !hasColumns ? "/inbox/notifications" : "/inbox";
}
