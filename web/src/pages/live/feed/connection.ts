import { ask } from "#base/api/request/client.ts";
import { isOnline, watchConnection } from "#base/api/request/connection.ts";
import { asFailure, readEnvelope } from "#base/api/request/failure.ts";
import { lockedLive, unlockOf } from "#base/api/request/unlocks.ts";
import { backoffMs } from "./backoff.ts";
import { type Batch, readBatch } from "./frames.ts";

/** `refused`: it does not help to ask again. */
export type ConnectionState = "connecting" | "open" | "reconnecting" | "refused";

interface FollowOptions {
  readonly liveId: number;
  readonly isSignedIn: boolean;
  readonly signal: AbortSignal;
  /** Reads the room as it is; called before the first connection and whenever too much was missed. */
  readonly refresh: () => Promise<void>;
  /** The number to resume after. */
  readonly seq: () => number;
  readonly isStale: () => boolean;
  readonly hasEnded: () => boolean;
  readonly onBatch: (batch: Batch) => void;
  readonly onState: (state: ConnectionState, code?: string) => void;
  /** The socket by which likes are sent, while there is one. */
  readonly onSocket: (socket: WebSocket | null) => void;
}

/** A way that fails this often without ever opening is left for the other one. */
const socketTries = 2;
const final = new Set(["live.banned", "live.not_found", "live.password_required", "gate.closed", "live.ended"]);

/** Follows a room until it ends, `signal` is aborted or the server refuses: over a socket, or over an event stream for visitors. */
export async function followRoom(options: FollowOptions): Promise<void> {
  const { isSignedIn, signal, refresh, isStale, hasEnded, onState } = options;
  let failures = 0;
  let socketFailures = 0;
  let isRead = false;
  while (!signal.aborted) {
    let wasOpen = false;
    const onOpen = () => {
      wasOpen = true;
      onState("open");
    };
    const bySocket = isSignedIn && socketFailures < socketTries;
    try {
      if (!isRead || isStale()) await refresh();
      isRead = true;
      if (signal.aborted) return;
      await (bySocket ? followSocket(options, onOpen) : followEvents(options, onOpen));
    } catch (thrown) {
      const { code, status } = asFailure(thrown);
      if (signal.aborted) return;
      if (final.has(code)) {
        onState("refused", code);
        return;
      }
      // The session is over: one reads along.
      if (status === 401) socketFailures = socketTries;
    }
    if (signal.aborted || hasEnded()) return;
    failures = wasOpen ? 0 : failures + 1;
    if (bySocket) socketFailures = wasOpen ? 0 : socketFailures + 1;
    onState("reconnecting");
    await pause(backoffMs(failures, Math.random()), signal);
  }
}

/** Settles after a while, or earlier where there is a network again or none is wanted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      unwatch();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    const unwatch = watchConnection(() => isOnline() && finish());
    signal.addEventListener("abort", finish);
  });
}

const beatMs = 20_000;

/** Browsers that cannot are sent a frame for each message. */
const canUnpack = typeof DecompressionStream === "function";

/** The text of a binary frame. @throws TypeError where it is broken */
const unpack = (bytes: ArrayBuffer): Promise<string> =>
  new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();

/** Settles when the socket is closed, by whomever. */
async function followSocket(options: FollowOptions, opened: () => void): Promise<void> {
  const { liveId, signal, seq, onBatch, onSocket, isStale } = options;
  const { ws_url } = await ask("live.join", { path: { id: liveId }, body: {}, signal });
  // A page speaks to its own server, whatever other name that has.
  const { pathname, search } = new URL(ws_url, location.href);
  const url = new URL(pathname + search, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  if (canUnpack) url.searchParams.set("v", "2");
  url.searchParams.set("last", String(seq()));
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  const close = () => socket.close();
  signal.addEventListener("abort", close);
  let receivedMs = Date.now();
  // A network that is lost closes no socket: after two beats without an answer the connection begins anew.
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (Date.now() - receivedMs > 2 * beatMs) socket.close();
    else socket.send(`{"type":"ping"}`);
  }, beatMs);
  const unwatch = watchConnection(() => isOnline() || socket.close());
  await new Promise<void>((resolve) => {
    socket.addEventListener("open", () => {
      onSocket(socket);
      opened();
    });
    // One after the other: a long batch takes longer to unpack than the one behind it.
    let read = Promise.resolve();
    const take = async (data: unknown) => {
      const text = data instanceof ArrayBuffer ? await unpack(data) : String(data);
      if (signal.aborted) return;
      onBatch(readBatch(text));
      if (isStale()) socket.close();
    };
    socket.addEventListener("message", ({ data }) => {
      receivedMs = Date.now();
      read = read.then(() => take(data)).catch(close);
    });
    socket.addEventListener("close", () => resolve());
  });
  clearInterval(timer);
  unwatch();
  signal.removeEventListener("abort", close);
  onSocket(null);
}

/** Reads the event stream until it ends. `EventSource` can send no unlock and yields no status. @throws Failure */
async function followEvents(options: FollowOptions, opened: () => void): Promise<void> {
  const { liveId, seq, signal, onBatch, isStale } = options;
  const unlock = unlockOf(lockedLive(liveId));
  const answer = await fetch(`/api/v1/lives/${liveId}/events?last=${seq()}`, {
    headers: { accept: "text/event-stream", ...(unlock !== undefined && { "x-kinora-unlock": unlock }) },
    signal,
  });
  if (!answer.ok || answer.body === null) {
    readEnvelope(answer.status, await answer.text());
    return;
  }
  opened();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let remainder = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (remainder + value).split("\n\n");
    remainder = events.pop() ?? "";
    const texts = events.flatMap((event) => event.split("\n").filter((line) => line.startsWith("data: ")));
    for (const text of texts) onBatch(readBatch(text.slice("data: ".length)));
    if (isStale()) {
      await reader.cancel();
      return;
    }
  }
}
