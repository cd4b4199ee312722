import type { Id } from "#kernel";
import type { LiveEvent } from "#media/live/events";
import type { RefusalReason } from "../../contract.ts";
import type { Renditions } from "../renditions/renditions.ts";
import { LiveStream, type Origin } from "./live-stream.ts";

interface StreamsParts {
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly partMs: number;
  readonly bitrateMaxBps: number;
  readonly attended: (liveId: Id, isAttended: boolean) => void;
  readonly refused?: (liveId: Id, reason: RefusalReason, sentence: string) => void;
  readonly rungs?: (emit: (event: LiveEvent) => void, isGuest: boolean) => Renditions;
  /** Called for each new stream, before its first event. */
  readonly opened?: (stream: LiveStream) => void;
}

/** The streams whose publishers this process has, or had a moment ago. */
export class Streams {
  readonly #parts: StreamsParts;
  readonly #byRoom = new Map<Id, LiveStream>();
  readonly #awaited = new Map<Id, Set<() => void>>();

  constructor(parts: StreamsParts) {
    this.#parts = parts;
  }

  get all(): readonly LiveStream[] {
    return [...this.#byRoom.values()];
  }

  get size(): number {
    return this.#byRoom.size;
  }

  get(liveId: Id): LiveStream | undefined {
    return this.#byRoom.get(liveId);
  }

  /**
   * The stream of a room. A new one continues at the position of a process that has ended. A guest's stream, one of
   * several pictures, takes no picture encoder away from rooms.
   */
  open(liveId: Id, resume?: Origin, isGuest = false): LiveStream {
    const existing = this.#byRoom.get(liveId);
    if (existing) return existing;
    const { attended, refused, opened: _, rungs, ...parts } = this.#parts;
    const stream = new LiveStream({
      ...parts,
      ...(rungs && { rungs: (emit) => rungs(emit, isGuest) }),
      liveId,
      resume,
      refused: (reason, sentence) => refused?.(liveId, reason, sentence),
      attended: (isAttended) => attended(liveId, isAttended),
    });
    this.#byRoom.set(liveId, stream);
    for (const wake of this.#awaited.get(liveId) ?? []) wake();
    this.#parts.opened?.(stream);
    return stream;
  }

  /** Settles when the room has a stream in this process, or the signal aborts, or after this time. */
  async waitForStream(liveId: Id, signal: AbortSignal, patienceMs: number): Promise<void> {
    if (this.#byRoom.has(liveId) || signal.aborted) return;
    const waiting = this.#awaited.get(liveId) ?? new Set();
    this.#awaited.set(liveId, waiting);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patienceMs).unref();
    waiting.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    clearTimeout(timer);
    waiting.delete(resolve);
    if (waiting.size === 0) this.#awaited.delete(liveId);
  }

  /** Lets a stream go on in another process; followers look for it there. */
  release(liveId: Id): void {
    const stream = this.#byRoom.get(liveId);
    stream?.release();
    this.#byRoom.delete(liveId);
  }

  end(liveId: Id): void {
    const stream = this.#byRoom.get(liveId);
    this.#byRoom.delete(liveId);
    stream?.end();
  }

  endAll(): void {
    for (const liveId of Array.from(this.#byRoom.keys())) this.end(liveId);
  }
}
