import { keyOf } from "#base/api/keys.ts";
import { queryClient } from "#base/api/query-client.ts";
import { onLogOut } from "#base/api/session/session.ts";
import type { Operations } from "#base/api/types.ts";

type Unread = Operations["message.unread"]["answer"];

/** How much is new, at the icon of the installed app. */
export function startBadge(): void {
  if (!("setAppBadge" in navigator)) return;
  const show = (count: number) => {
    // A browser that forbids it shows none.
    void navigator.setAppBadge(count).catch(() => undefined);
  };
  const cache = queryClient.getQueryCache();
  const showUnread = (data: Unread) => show(data.message_count + data.request_count + data.notification_count);
  for (const [, data] of queryClient.getQueriesData<Unread>({ queryKey: keyOf("unread") })) if (data) showUnread(data);
  cache.subscribe(({ type, query }) => {
    if (type !== "updated" || query.queryKey[0] !== "unread") return;
    const data = query.state.data as Unread | undefined; // The type of this key.
    if (data !== undefined) showUnread(data);
  });
  onLogOut(() => show(0));
}
