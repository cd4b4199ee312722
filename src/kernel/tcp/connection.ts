import type { Socket } from "node:net";
import { Budget } from "../clients/budget.ts";
import type { Place } from "../clients/places.ts";
import type { ByteRate, TcpConnection } from "./port.ts";

/** A client that does not close its side is disconnected this long after our last bytes. */
const lingerMs = 1_000;

interface Parts {
  readonly address: string;
  readonly isEncrypted: boolean;
  readonly place: Place;
  readonly admissionBytesMax: number;
}

/** A socket with a budget of received bytes: an amount until the client is admitted, then a rate. */
export class NodeTcpConnection implements TcpConnection {
  readonly #socket: Socket;
  readonly #parts: Parts;
  #leftBytes: number;
  #budget: Budget | undefined;
  #isPaused = false;
  #waitTimer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, parts: Parts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#leftBytes = parts.admissionBytesMax;
    socket.once("close", () => clearTimeout(this.#waitTimer));
  }

  get address(): string {
    return this.#parts.address;
  }
  get isEncrypted(): boolean {
    return this.#parts.isEncrypted;
  }
  get waitingBytes(): number {
    return this.#socket.writableLength;
  }

  /** Counts received bytes; false where a client exceeds its budget before admission, which ends the connection. */
  receive(bytes: number): boolean {
    if (this.#budget) {
      const waitMs = this.#budget.spend(bytes, performance.now());
      if (waitMs > 0) this.#wait(waitMs);
      return true;
    }
    this.#leftBytes -= bytes;
    if (this.#leftBytes >= 0) return true;
    this.destroy();
    return false;
  }

  admit({ bytesPerSecond, burstBytes }: ByteRate): void {
    this.#parts.place.admit();
    this.#budget = new Budget({ burst: burstBytes, perSecond: bytesPerSecond }, performance.now());
  }

  send(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#waitTimer === undefined) this.#socket.resume();
  }

  end(): void {
    // Further bytes are read and dropped, so that the last answer is not lost with a reset.
    this.#budget = undefined;
    this.#leftBytes = Number.POSITIVE_INFINITY;
    this.#socket.end();
    this.#socket.resume();
    const timer = setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    this.#socket.once("close", () => clearTimeout(timer));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #wait(waitMs: number): void {
    this.#socket.pause();
    this.#waitTimer ??= setTimeout(() => {
      this.#waitTimer = undefined;
      if (!this.#isPaused) this.#socket.resume();
    }, waitMs).unref();
  }
}
