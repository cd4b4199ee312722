import type { Update } from "./generated.ts";

/** The messages of the server that say something new. */
type Frame =
  | { readonly type: "update"; readonly data: Update }
  | { readonly type: "reset"; readonly seq: number }
  | { readonly type: "hello" | "pong" };

interface SocketOptions {
  readonly signal?: AbortSignal | undefined;
  /** Calls back when the line may have changed; returns the way to stop. */
  readonly watch?: ((changed: () => void) => () => void) | undefined;
  readonly opened: () => void;
}

const openMsMax = 15_000;
const pingMs = 25_000;
/** A server that is silent for so long is unreachable: a lost line leaves sockets open. */
const pongMs = 5_000;
/** A consumer that is this far behind reads the rest later: it is on the server. */
const waitingMax = 1_000;

/** The frames of a socket, until it is closed, silent, or `signal` is aborted. */
export async function* framesOf(
  url: URL,
  { signal, watch, opened }: SocketOptions,
): AsyncGenerator<Frame, void, undefined> {
  signal?.throwIfAborted();
  const socket = new WebSocket(url);
  const waiting: Frame[] = [];
  let isOver = false;
  let wake = (): void => undefined;
  const end = () => {
    isOver = true;
    socket.close();
    wake();
  };
  let silence: ReturnType<typeof setTimeout> | undefined = setTimeout(end, openMsMax);
  const sound = () => {
    clearTimeout(silence);
    silence = undefined;
  };
  const ping = () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send('{"type":"ping"}');
    silence ??= setTimeout(end, pongMs);
  };
  const beat = setInterval(ping, pingMs);
  const unwatch = watch?.(ping);
  socket.addEventListener("open", () => {
    sound();
    opened();
  });
  socket.addEventListener("message", ({ data }: MessageEvent) => {
    sound();
    if (isOver) return;
    waiting.push(JSON.parse(String(data)) as Frame); // The server's own words.
    if (waiting.length > waitingMax) end();
    wake();
  });
  for (const name of ["close", "error"] as const) socket.addEventListener(name, end);
  signal?.addEventListener("abort", end);
  try {
    for (;;) {
      // The server still has what is left.
      if (isOver) return;
      const frame = waiting.shift();
      if (frame !== undefined) yield frame;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    sound();
    clearInterval(beat);
    unwatch?.();
    signal?.removeEventListener("abort", end);
    end();
  }
}
