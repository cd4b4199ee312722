import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { ask } from "#base/api/request/client.ts";
import { watchConnection } from "#base/api/request/connection.ts";
import { nothingUnread, unreadKey, type UnreadNumbers } from "./unread-numbers.ts";

/** The numbers on the tabs of the inbox: every badge that leads there is their sum. */
export function useUnread(userId: number | undefined): UnreadNumbers {
  const { data } = useQuery({
    queryKey: [...unreadKey, userId],
    queryFn: ({ signal }) => ask("message.unread", { signal }),
    enabled: userId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (userId === undefined || data === undefined) return nothingUnread;
  const { message_count: messages, request_count: requests, notification_count: notifications } = data;
  return { messages, requests, notifications };
}

/** Follows what happens to the viewer, wherever they are in the app. A visitor's first page is without the code for it. */
export function useLive(userId: number | undefined): void {
  useEffect(() => {
    if (userId === undefined) return undefined;
    const end = new AbortController();
    const begin = (): void => {
      import("./updates.ts").then(
        // It ends by itself when the session is over, which other requests find out as well.
        ({ follow }) => void follow(userId, end.signal).catch(() => undefined),
        () => {
          const stop = watchConnection(() => {
            stop();
            if (!end.signal.aborted) begin();
          });
          end.signal.addEventListener("abort", stop);
        },
      );
    };
    begin();
    return () => end.abort();
  }, [userId]);
}
