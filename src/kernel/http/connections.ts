import type { Server, Socket } from "node:net";
import { Carriers } from "../clients/carriers.ts";
import { networkOf } from "../clients/network.ts";
import { Places } from "../clients/places.ts";
import type { Metrics } from "../telemetry/port.ts";
import type { HttpLimits } from "./limits.ts";

/** Why a connection or a stream was ended: a time or a speed of the limits, or too many resets and control frames. */
export type Cut = "headers" | "handshake" | "body" | "upload" | "answer" | "frames";

interface ConnectionParts {
  /** Names the port in metrics. */
  readonly port: "public" | "rpc";
  readonly limits: HttpLimits;
  readonly metrics: Metrics;
  /** Addresses or ranges that carry many clients. */
  readonly trustedProxies: readonly string[];
}

/** The bytes of its answers that a client has taken since a time. */
interface Progress {
  atMs: number;
  takenBytes: number;
  /** Bytes waited for the client when it was last looked at. */
  isWaiting: boolean;
}
/** A connection for which nothing waits is looked at this many times in `answerMs`; the others at every comparison. */
const looksOfIdle = 10;

/** The connections of a port: bounded in all and for each address, and cut where the client does not read. */
export class Connections {
  readonly #server: Server;
  readonly #limits: HttpLimits;
  readonly #open = new Map<Socket, Progress>();
  readonly #places: Places;
  readonly #checks = new Set<(nowMs: number) => void>();
  readonly #count: { readonly refused: (reason: "all" | "address") => void; readonly cut: (reason: Cut) => void };

  constructor(server: Server, { port, limits, metrics, trustedProxies }: ConnectionParts) {
    this.#server = server;
    this.#limits = limits;
    const labels = ["port", "reason"];
    const refused = metrics.counter("connections_refused_total", "connections above a limit", labels);
    const cut = metrics.counter("connections_cut_total", "connections and streams ended by a limit", labels);
    metrics.gauge("connections_open", "open connections", ["port"], async () => [[this.#open.size, { port }]]);
    this.#count = {
      refused: (reason) => refused.add(1, { port, reason }),
      cut: (reason) => cut.add(1, { port, reason }),
    };
    // `maxConnections` bounds all of them, before a socket is made of one.
    this.#places = new Places({ max: Number.POSITIVE_INFINITY, perHolderMax: limits.socketsPerAddressMax });
    const carriers = new Carriers(trustedProxies, limits);
    server.maxConnections = limits.socketsMax;
    // Node has destroyed it: its descriptor is free again.
    server.on("drop", () => this.#count.refused("all"));
    server.on("connection", (socket: Socket) => this.#take(socket, carriers));
    const timer = setInterval(() => this.#check(performance.now()), limits.checkMs).unref();
    server.once("close", () => clearInterval(timer));
  }

  /** Counts an end that a limit made. */
  cut(reason: Cut): void {
    this.#count.cut(reason);
  }

  /** Runs with every comparison of connections with their limits. */
  onCheck(check: (nowMs: number) => void): void {
    this.#checks.add(check);
  }

  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #take(socket: Socket, carriers: Carriers): void {
    const { remoteAddress = "" } = socket;
    const perHolderMax = carriers.has(remoteAddress) ? Number.POSITIVE_INFINITY : this.#limits.socketsPerAddressMax;
    const place = this.#places.take(networkOf(remoteAddress), { perHolderMax });
    if (typeof place === "string") {
      this.#count.refused("address");
      socket.destroy();
      return;
    }
    this.#open.set(socket, { atMs: performance.now(), takenBytes: 0, isWaiting: false });
    socket.once("close", () => {
      this.#open.delete(socket);
      place.release();
    });
  }

  #check(nowMs: number): void {
    const idleMs = this.#limits.answerMs / looksOfIdle;
    // The fields are read through the system's handle, which takes microseconds for each socket.
    for (const [socket, progress] of this.#open)
      if (progress.isWaiting || nowMs - progress.atMs >= idleMs) this.#checkAnswer(socket, progress, nowMs);
    for (const check of this.#checks) check(nowMs);
    // New clients come before connections that are only kept.
    if (this.#open.size > this.#limits.socketsMax * 0.9) closeIdle(this.#server);
  }

  #checkAnswer(socket: Socket, progress: Progress, nowMs: number): void {
    const { bytesPerSecondMin, answerMs } = this.#limits;
    const { writtenBytes, waitingBytes } = outputOf(socket);
    const takenBytes = writtenBytes - waitingBytes;
    const elapsedMs = nowMs - progress.atMs;
    const isStill = progress.isWaiting && waitingBytes > 0;
    if (isStill && elapsedMs < answerMs) return;
    const isTooSlow = isStill && takenBytes - progress.takenBytes < (bytesPerSecondMin * elapsedMs) / 1_000;
    progress.isWaiting = waitingBytes > 0;
    progress.atMs = nowMs;
    progress.takenBytes = takenBytes;
    if (!isTooSlow) return;
    this.#count.cut("answer");
    socket.destroy();
  }
}

/**
 * The bytes that the kernel has taken, and the bytes that still wait for the client. Node's own socket timeout reads
 * the same private fields, as the public ones change with whole writes alone. TLS and HTTP/2 write to the handle of
 * this socket.
 */
function outputOf(socket: Socket): { writtenBytes: number; waitingBytes: number } {
  const { _handle: handle } = socket as { _handle?: { bytesWritten?: number; writeQueueSize?: number } | null };
  return { writtenBytes: handle?.bytesWritten ?? 0, waitingBytes: handle?.writeQueueSize ?? 0 };
}

function closeIdle(server: Server): void {
  if ("closeIdleConnections" in server && typeof server.closeIdleConnections === "function")
    server.closeIdleConnections();
}
