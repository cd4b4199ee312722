import { updates } from "../../../../sdk/events.ts";
import { keyOf } from "#base/api/keys.ts";
import { invalidate, markStale, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { watchConnection } from "#base/api/request/connection.ts";
import type { Message, Operations, Update } from "#base/api/types.ts";
import { unreadKey } from "./unread-numbers.ts";

type Said = Operations["message.messages"]["answer"];
type Unread = Operations["message.unread"]["answer"];

/** Follows what happens to the viewer, wherever they are in the app, until `signal` is aborted. */
export async function follow(userId: number, signal: AbortSignal): Promise<void> {
  // Changes between the first count and the first position of the stream are in no update: they are counted again.
  let hasPosition = false;
  const askAndCount: typeof ask = async (operation, input) => {
    const answer = await ask(operation, input);
    if (!hasPosition) void invalidate(unreadKey);
    hasPosition = true;
    return answer;
  };
  // A device that slept or changed its network finds out immediately.
  for await (const update of updates({ ask: askAndCount, socketUrl }, { signal, watch: watchConnection })) {
    if (update.type === "reset") refresh();
    else applyUpdate(update, userId);
  }
}

/** Our own pages are known by their cookie. */
function socketUrl(after: number): URL {
  const url = new URL(`/api/v1/ws?after=${after}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url;
}

function refresh(): void {
  void invalidate(unreadKey, keyOf("conversations"), keyOf("conversation"), keyOf("messages"), keyOf("notifications"));
}

/** Brings the queries up to date with a change. */
export function applyUpdate({ type, message, conversation_id: id, unread }: Update, userId: number): void {
  queryClient.setQueryData<Unread>([...unreadKey, userId], unread);
  if (type === "notification") return void invalidate(keyOf("notifications"));
  // Some were read or removed. The list of this page causes that itself, and keeps the marks of the new ones.
  if (type === "notifications") return markStale(keyOf("notifications"));
  if (message !== null) showMessage(message);
  else void invalidate(keyOf("messages", id));
  void invalidate(keyOf("conversations"));
  void invalidate(keyOf("conversation", id));
}

/** Puts a message where it belongs in a conversation that is open, once. */
export function showMessage(message: Message): void {
  queryClient.setQueryData<{ pages: Said[]; pageParams: unknown[] }>(
    keyOf("messages", message.conversation_id),
    (data) => {
      const [first, ...olderPages] = data?.pages ?? [];
      if (data === undefined || first === undefined) return data;
      if (data.pages.some((page) => page.list.some(({ id }) => id === message.id))) return data;
      const list = [message, ...first.list].toSorted((a, b) => b.created_at.localeCompare(a.created_at));
      return { ...data, pages: [{ ...first, list }, ...olderPages] };
    },
  );
}
