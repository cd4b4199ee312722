import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { ask } from "../api/client.ts";
import type { Rows } from "../api/generated.ts";
import { queryClient } from "../api/queries.ts";
import type { Message, Update } from "../api/types.ts";

type Said = Rows["message.messages"]["answer"];
type Unread = Rows["message.unread"]["answer"];

const unreadKey = ["unread"] as const;

/** How much is new: messages, requests and notifications together. */
export function useUnread(userId: number | undefined): number {
  const { data } = useQuery({
    queryKey: [...unreadKey, userId],
    queryFn: ({ signal }) => ask("message.unread", { signal }),
    enabled: userId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (userId === undefined || data === undefined) return 0;
  return data.message_count + data.request_count + data.notification_count;
}

/** Follows what happens to the viewer, wherever they are in the app. */
export function useLive(userId: number | undefined): void {
  useEffect(() => {
    if (userId === undefined) return undefined;
    const end = new AbortController();
    void follow(userId, end.signal);
    return () => end.abort();
  }, [userId]);
}

/** Two in a row that did not open are a line that has no sockets: then it is asked again and again instead. */
const failuresMax = 2;
const pollMs = 5_000;
const againMsMax = 30_000;

async function follow(userId: number, signal: AbortSignal): Promise<void> {
  let seq: number | undefined;
  const apply = (update: Update) => {
    if (seq !== undefined && update.seq <= seq) return;
    seq = update.seq;
    show(update, userId);
  };
  const catchUp = async () => {
    const { list, seq: last, reset } = await ask("message.updates", { query: { after: seq ?? null }, signal });
    for (const update of list) apply(update);
    if (reset) refresh();
    seq = last;
  };
  for (let failures = 0; !signal.aborted; ) {
    try {
      // It also renews a session that has run out, which a socket cannot.
      await catchUp();
      if (failures < failuresMax) {
        const opened = await listen(() => seq, apply, signal);
        failures = opened ? 0 : failures + 1;
      }
    } catch {
      // Offline, or the server is away: later.
    }
    const waitMs = failures >= failuresMax ? pollMs : Math.min(1_000 * 2 ** failures, againMsMax);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    // Now and then the socket is tried again.
    if (failures >= failuresMax && Math.random() < 0.1) failures = failuresMax - 1;
  }
}

const pingMs = 25_000;
/** A server that is silent for so long is unreachable: a lost line leaves sockets open. */
const pongMs = 5_000;

/** Resolves when the socket is closed or silent, to whether it was ever open. */
function listen(
  seqOf: () => number | undefined,
  apply: (update: Update) => void,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    const address = new URL(`/api/v1/ws?after=${seqOf() ?? 0}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    let isOpen = false;
    let silence: ReturnType<typeof setTimeout> | undefined;
    const over = new AbortController();
    const leave = () => {
      over.abort();
      clearInterval(beat);
      clearTimeout(silence);
      socket.close();
      resolve(isOpen);
    };
    const ping = () => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send('{"type":"ping"}');
      silence ??= setTimeout(leave, pongMs);
    };
    const beat = setInterval(ping, pingMs);
    signal.addEventListener("abort", leave, { signal: over.signal });
    // A device that slept or changed its network finds out immediately.
    window.addEventListener("online", ping, { signal: over.signal });
    document.addEventListener("visibilitychange", () => document.hidden || ping(), { signal: over.signal });
    socket.addEventListener("open", () => void (isOpen = true));
    socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
      clearTimeout(silence);
      silence = undefined;
      if (over.signal.aborted) return;
      const frame = JSON.parse(data) as { type: string; data?: Update }; // The server's own words.
      if (frame.type === "update" && frame.data !== undefined) apply(frame.data);
      if (frame.type === "reset") refresh();
    });
    socket.addEventListener("close", leave);
  });
}

function refresh(): void {
  for (const queryKey of [unreadKey, ["conversations"], ["conversation"], ["messages"], ["notifications"]])
    void queryClient.invalidateQueries({ queryKey });
}

function show({ type, message, conversation_id: id, unread }: Update, userId: number): void {
  queryClient.setQueryData<Unread>([...unreadKey, userId], unread);
  if (type === "notification" || type === "notifications") {
    void queryClient.invalidateQueries({ queryKey: ["notifications"] });
    return;
  }
  if (message !== null) showMessage(message);
  else void queryClient.invalidateQueries({ queryKey: ["messages", id] });
  void queryClient.invalidateQueries({ queryKey: ["conversations"] });
  void queryClient.invalidateQueries({ queryKey: ["conversation", id] });
}

/** Puts a message where it belongs in a conversation that is open, once. */
export function showMessage(message: Message): void {
  queryClient.setQueryData<{ pages: Said[]; pageParams: unknown[] }>(["messages", message.conversation_id], (data) => {
    const [first, ...others] = data?.pages ?? [];
    if (data === undefined || first === undefined) return data;
    if (data.pages.some((page) => page.list.some(({ id }) => id === message.id))) return data;
    const list = [message, ...first.list].toSorted((a, b) => b.created_at.localeCompare(a.created_at));
    return { ...data, pages: [{ ...first, list }, ...others] };
  });
}
