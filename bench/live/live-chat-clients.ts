import { connect } from "node:net";
import { inflateRawSync } from "node:zlib";
import { WebSocket } from "ws";

/*
 * Viewers of one room, in a process of their own: most only read, so that the server is what is measured; the speakers
 * write once a second each, and a sample checks the order of what came.
 */

/** The request of the bench. */
export interface ClientTask {
  readonly port: number;
  readonly liveId: number;
  readonly tokens: readonly string[];
  readonly sockets: number;
  /** The sockets of each token: at most 20. */
  readonly perToken: number;
  readonly speakers: number;
  readonly sampled: number;
  /** `&v=2` for frames of a tick. */
  readonly query: string;
}
/** The counts of the clients; the line "open" comes once before. */
export interface ClientCounts {
  readonly bytes: number;
  readonly sampled: number;
  readonly disordered: number;
}

process.once("message", (task: ClientTask) => void run(task));

async function run(task: ClientTask): Promise<void> {
  const { port, liveId, tokens, sockets, perToken, speakers, sampled, query } = task;
  const counts = { bytes: 0, sampled: 0, disordered: 0 };
  const addressOf = (n: number) => `/api/v1/lives/${liveId}/ws?token=${tokens[Math.floor(n / perToken)] ?? ""}${query}`;
  const measuredSockets: WebSocket[] = [];
  for (let n = 0; n < sampled; n++) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${addressOf(n)}`, { perMessageDeflate: false });
    let last = 0;
    socket.on("message", (data: Buffer, isPacked: boolean) => {
      const frame = JSON.parse((isPacked ? inflateRawSync(data) : data).toString()) as {
        seq?: number;
        type?: string;
        batch?: { seq?: number; type: string }[];
      }; // The server's measuredSockets words.
      for (const { seq, type } of frame.batch ?? [frame]) {
        if (type !== "chat" || seq === undefined) continue;
        counts.sampled += 1;
        if (seq <= last) counts.disordered += 1;
        last = seq;
      }
    });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    measuredSockets.push(socket);
  }
  // In groups, so that the backlog of the listener is not what is measured.
  for (let n = sampled; n < sockets; n += 50)
    await Promise.all(
      Array.from({ length: Math.min(50, sockets - n) }, (_, at) =>
        reader(port, addressOf(n + at), (read) => (counts.bytes += read)),
      ),
    );
  process.send?.("open");
  const writers = measuredSockets.filter((_, n) => n % perToken === 0).slice(0, speakers);
  for (let n = measuredSockets.length === 0 ? 0 : writers.length; n < speakers; n++) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${addressOf(n * perToken)}`, { perMessageDeflate: false });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    writers.push(socket);
  }
  let round = 0;
  setInterval(() => {
    round += 1;
    // Spread over the second.
    for (const [n, socket] of writers.entries())
      setTimeout(
        () => socket.send(JSON.stringify({ type: "chat", payload: { message: `message ${round} of speaker ${n}` } })),
        (n * 1_000) / writers.length,
      );
  }, 1_020);
  process.on("message", () => process.send?.(counts));
}

const key = "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13\r\n";
/** A socket whose bytes are counted and nothing else, into one buffer for all. */
function reader(port: number, path: string, read: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: "127.0.0.1",
      port,
      onread: {
        buffer: scratch,
        callback: (bytes) => {
          read(bytes);
          resolve();
          return true;
        },
      },
    });
    socket.once("error", reject);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n${key}\r\n`);
  });
}
const scratch = Buffer.allocUnsafe(64 * 1024);
