import type { Frames } from "./frames.ts";

/** The bytes that a client that does not read may leave in our memory before it is sent nothing further. */
export const waitingBytesMax = 256 * 1024;
const tooSlowMs = 10_000;

/**
 * A destination of frames: a socket with one frame a message, a socket with one batch a message, or an event stream.
 */
export interface Outlet {
  send(frames: Frames): void;
  readonly waitingBytes: number;
  /** By the codes of RFC 6455 §7.4.1. */
  close(code: number, reason: string): void;
}

export interface Identity {
  /** 0 where nobody is signed in. */
  readonly userId: number;
  /** Counts once however many connections it has, by `policy/persons.ts`. */
  readonly person: string;
  readonly username: string;
  readonly sessionId: string | undefined;
  /** The generation of the room when this viewer was let in. */
  readonly generation: number;
  /** The viewer was let in by the password of that generation. */
  readonly isGranted: boolean;
}

/** One connection to a room: how far it has been sent, and whether it keeps up. */
export class Member {
  readonly identity: Identity;
  readonly #outlet: Outlet;
  /** The last number it was sent. */
  seq: number;
  /** It misses messages, which are sent once it reads again. */
  isBehind = false;
  isCatchingUp = false;
  #behindMs = 0;

  constructor(identity: Identity, outlet: Outlet, seq: number) {
    this.identity = identity;
    this.#outlet = outlet;
    this.seq = seq;
  }

  get isFull(): boolean {
    return this.#outlet.waitingBytes > waitingBytesMax;
  }
  /** It has read most of what waited. */
  get hasRoom(): boolean {
    return this.#outlet.waitingBytes <= waitingBytesMax / 2;
  }

  /** Sends what comes now; yields false where it is dropped, because the client does not read. */
  take(frames: Frames): boolean {
    if (this.isBehind) return false;
    if (this.isFull) {
      this.fallBehind();
      return false;
    }
    this.send(frames);
    return true;
  }

  send(frames: Frames): void {
    this.seq = Math.max(this.seq, frames.seq);
    this.#outlet.send(frames);
  }

  fallBehind(): void {
    this.isBehind = true;
    this.#behindMs = performance.now();
  }

  get isTooSlow(): boolean {
    return this.isBehind && this.isFull && performance.now() - this.#behindMs > tooSlowMs;
  }

  close(code: number, reason: string): void {
    this.#outlet.close(code, reason);
  }
}

/** RFC 6455 §7.4.1 and, from 4000 on, our own. */
export const closes = { done: 1000, policy: 1008, full: 1013, over: 4401, left: 4403 };
