import type { Host, Id } from "#kernel";
import type { NotificationItem } from "#policy/mails/notifications";
import { user } from "#services/user/contract";
import { alertKinds } from "../notifications/settings.ts";
import type { Tables } from "../store.ts";
import type { AlertRow } from "./alert-store.ts";

const aboutOthers: ReadonlySet<string> = new Set<string>(alertKinds);
/** The kind that settings know: decisions about an account are one, and a request is a follower. Pure. */
export const settingKind = (kind: string): string =>
  kind === "follow_request" ? "follow" : aboutOthers.has(kind) ? kind : "account";

export interface Sender {
  readonly username: string;
  readonly name: string;
}

/** The names of those who caused these notifications; a user who is deleted by now has none. */
export async function namesOf(
  { client, call }: Pick<Host<Tables>, "client" | "call">,
  rows: readonly Pick<AlertRow, "senderIds">[],
): Promise<ReadonlyMap<Id, Sender>> {
  const ids = [...new Set(rows.flatMap(({ senderIds }) => senderIds))].slice(0, 200);
  if (ids.length === 0) return new Map();
  const { items } = await client(user).briefs({ ids }, call());
  return new Map(items.map(({ id, username, nickname }) => [id, { username, name: nickname || username }]));
}

export const itemOf = (row: AlertRow, senders: ReadonlyMap<Id, Sender>): NotificationItem => ({
  kind: row.kind,
  names: row.senderIds.flatMap((id) => senders.get(id)?.name ?? []),
  senderCount: row.senderCount,
  title: row.title,
  content: row.content,
});

/** The page a notification leads to. Pure. */
export function pathOf(row: AlertRow, senders: ReadonlyMap<Id, Sender>): string {
  const [senderId] = row.senderIds;
  const sender = senderId === undefined ? undefined : senders.get(senderId);
  if (row.kind === "follow" && sender !== undefined) return `/@${encodeURIComponent(sender.username)}`;
  if (row.kind === "follow_request") return "/follow-requests";
  if (row.kind === "alerted") return "/settings/security";
  if (row.liveId !== null) return `/live/${row.liveId}`;
  if (row.videoId === null) return "/inbox/notifications";
  return `/watch/${row.videoId}${row.commentId === null ? "" : `?comment=${row.commentId}`}`;
}
