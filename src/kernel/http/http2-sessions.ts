import {
  constants,
  type Http2SecureServer,
  type Http2Server,
  type Http2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Connections } from "./connections.ts";
import type { HttpLimits } from "./limits.ts";
import { destroyLater } from "./refusal.ts";

interface Watched {
  readonly streams: Set<ServerHttp2Stream>;
  /** Since when no stream is open. */
  idleSinceMs: number;
  hasBegun: boolean;
  /** PING and SETTINGS frames since the last check. */
  controlFrames: number;
  /** The bytes of its answers that the client has taken since a time. */
  atMs: number;
  writtenBytes: number;
  /** When the PING was sent that is not answered yet. */
  pingedMs: number | undefined;
}

/**
 * Holds the sessions of an HTTP/2 server to the limits: one without requests ends, one that floods is cut, and so is a
 * stream whose answer is not read or a session whose client vanished.
 */
export function limitSessions(
  server: Http2Server | Http2SecureServer,
  limits: HttpLimits,
  connections: Connections,
): void {
  const sessions = new Map<Http2Session, Watched>();
  const framesMax = Math.ceil((limits.controlFramesMax * limits.checkMs) / 1_000);
  server.on("session", (session: Http2Session) => {
    const watch = newWatch();
    sessions.set(session, watch);
    session.once("close", () => sessions.delete(session));
    session.on("stream", (stream: ServerHttp2Stream) => {
      watch.streams.add(stream);
      watch.hasBegun = true;
      stream.once("close", () => {
        watch.streams.delete(stream);
        watch.idleSinceMs = performance.now();
      });
    });
    const count = () => {
      if (++watch.controlFrames !== framesMax + 1) return;
      connections.cut("frames");
      session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    };
    // By nghttp2: too many resets, or frames against the protocol.
    session.on("error", (error) => "code" in error && error.code === "ERR_HTTP2_ERROR" && connections.cut("frames"));
    session.on("ping", count).on("remoteSettings", count);
  });
  connections.onCheck((nowMs) => {
    for (const [session, watch] of sessions) {
      watch.controlFrames = 0;
      if (watch.streams.size === 0) endIdle(session, watch, nowMs, limits, connections);
      else if (!hasVanished(session, watch, nowMs, limits, connections))
        cutUnread(session, watch, nowMs, limits, connections);
    }
  });
}

const newWatch = (): Watched => ({
  streams: new Set(),
  idleSinceMs: performance.now(),
  hasBegun: false,
  controlFrames: 0,
  atMs: performance.now(),
  writtenBytes: 0,
  pingedMs: undefined,
});

function endIdle(
  session: Http2Session,
  { hasBegun, idleSinceMs }: Watched,
  nowMs: number,
  { headersMs, idleMs, lingerMs }: HttpLimits,
  connections: Connections,
): void {
  const idleForMs = nowMs - idleSinceMs;
  if (!hasBegun && idleForMs > headersMs) {
    connections.cut("headers");
    session.destroy();
  } else if (hasBegun && idleForMs > idleMs && !session.closed) {
    // GOAWAY: a client that begins a request now begins it on another connection.
    session.close();
    destroyLater(session, lingerMs);
  }
}

/** A client that is gone without a word would keep a stream open on which the server has nothing to send. */
function hasVanished(
  session: Http2Session,
  watch: Watched,
  nowMs: number,
  { answerMs }: HttpLimits,
  connections: Connections,
): boolean {
  if (watch.pingedMs === undefined) {
    watch.pingedMs = nowMs;
    session.ping(() => (watch.pingedMs = undefined));
  }
  if (nowMs - watch.pingedMs <= answerMs) return false;
  connections.cut("answer");
  session.destroy();
  return true;
}

/** A client that gives a stream no window takes nothing from the connection: what is written there stays in our memory. */
function cutUnread(
  { socket }: Http2Session,
  watch: Watched,
  nowMs: number,
  { bytesPerSecondMin, answerMs }: HttpLimits,
  connections: Connections,
): void {
  const waiting = [...watch.streams].filter(({ writableLength }) => writableLength > 0);
  const elapsedMs = nowMs - watch.atMs;
  if (waiting.length > 0 && elapsedMs < answerMs) return;
  const isTooSlow = socket.bytesWritten - watch.writtenBytes < (bytesPerSecondMin * elapsedMs) / 1_000;
  Object.assign(watch, { atMs: nowMs, writtenBytes: socket.bytesWritten });
  if (!isTooSlow) return;
  for (const stream of waiting) {
    connections.cut("answer");
    stream.destroy();
  }
}
