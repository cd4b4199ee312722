import type { Id } from "#kernel";
import type { ReachedPoint } from "#media/live/output-numbers";
import type { LiveHost } from "../../settings.ts";
import type { Streams } from "../streams/streams.ts";
import * as store from "./ingest-store.ts";

/** A claim is renewed this often; it counts as abandoned after the grace of a publisher. */
const renewMs = 5_000;

interface Parts {
  /** Ends the room of a stream, or its guest. */
  readonly end: (liveId: Id) => Promise<unknown>;
  /** As `end`, where the publisher stayed away: a room that has never been on air keeps waiting. */
  readonly abandon: (liveId: Id) => Promise<unknown>;
  /** Marks them as paused or live again. */
  readonly setPaused: (liveId: Id, isPaused: boolean) => Promise<unknown>;
  /** Takes the start of a room back. */
  readonly withdraw: (liveId: Id) => Promise<unknown>;
  readonly streams: Streams;
}

/**
 * Acts on publishers that come and go. It claims rooms for this process, pauses and continues them, and ends them when
 * the publisher stays away for longer than the grace time. Changes of one room happen one after the other.
 */
export class Attendance {
  readonly #host: LiveHost;
  readonly #parts: Parts;
  readonly #claims = new Map<Id, store.Claim>();
  readonly #graces = new Map<Id, NodeJS.Timeout>();
  readonly #turns = new Map<Id, Promise<void>>();
  readonly #renewal: NodeJS.Timeout;

  constructor(host: LiveHost, parts: Parts) {
    this.#host = host;
    this.#parts = parts;
    this.#renewal = setInterval(() => void this.#renew(), renewMs).unref();
  }

  /** A publisher came to a room or left it. */
  setAttended(liveId: Id, isAttended: boolean): void {
    clearTimeout(this.#graces.get(liveId));
    this.#graces.delete(liveId);
    if (!isAttended) {
      const over = () => void this.#inTurn(liveId, () => this.#abandon(liveId));
      this.#graces.set(liveId, setTimeout(over, this.#host.settings.graceMs).unref());
    }
    // A stream that goes on elsewhere is no longer here when its turn comes.
    const reached = this.#parts.streams.get(liveId)?.reached;
    void this.#inTurn(liveId, () => (isAttended ? this.#come(liveId) : this.#leave(liveId, reached)));
  }

  /** Settles when what happened so far has had its effect. */
  async waitForChanges(): Promise<void> {
    await Promise.all(this.#turns.values());
  }

  /** Ends rooms whose process died or whose publisher stayed away; those that were started without one wait again. */
  async endAbandoned(): Promise<void> {
    const { db, settings, now } = this.#host;
    for (const liveId of await store.listAbandoned(db, settings.graceMs)) {
      if (this.#parts.streams.get(liveId)?.isAttended) continue;
      await this.#parts.abandon(liveId);
    }
    for (const { id } of await store.withoutStream(db, now() - settings.graceMs)) await this.#parts.withdraw(id);
  }

  /** Ends rooms that have been live for longer than this server takes. */
  async endTooLong(): Promise<void> {
    const { db, settings, now } = this.#host;
    if (settings.durationMaxMs === 0) return;
    for (const { id } of await store.startedBefore(db, now() - settings.durationMaxMs)) {
      const sentence = "this live room has lasted as long as this server takes";
      this.#parts.streams.get(id)?.stopPublisher("duration_exceeded", sentence);
      await this.#parts.end(id);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#renewal);
    for (const timer of this.#graces.values()) clearTimeout(timer);
    await this.waitForChanges();
  }

  async #come(liveId: Id): Promise<void> {
    const { db, settings } = this.#host;
    const stream = this.#parts.streams.get(liveId);
    if (!stream) return;
    const { originMs, reached } = stream;
    this.#claims.set(liveId, await db.tx((tx) => store.claim(tx, liveId, settings.instance, { originMs, ...reached })));
    await this.#parts.setPaused(liveId, false);
  }

  async #leave(liveId: Id, reached: ReachedPoint | undefined): Promise<void> {
    const claim = this.#claims.get(liveId);
    if (claim === undefined) return;
    // A room that another process streams by now is not paused.
    if (await this.#host.db.tx((tx) => store.leave(tx, claim, reached))) await this.#parts.setPaused(liveId, true);
  }

  async #abandon(liveId: Id): Promise<void> {
    if (this.#parts.streams.get(liveId)?.isAttended) return;
    if (await this.#close(liveId)) await this.#parts.abandon(liveId);
  }

  /** True if the stream has ended; false where another process has taken it, which decides about the room from then on. */
  async #close(liveId: Id): Promise<boolean> {
    const { db, settings } = this.#host;
    const holder = await store.holderOf(db, liveId);
    const hasEnded = holder === undefined || holder.instance === settings.instance;
    this.#claims.delete(liveId);
    if (hasEnded) this.#parts.streams.end(liveId);
    else this.#parts.streams.release(liveId);
    return hasEnded;
  }

  async #renew(): Promise<void> {
    const claims = Array.from(this.#claims.values()).flatMap((claim) => {
      const stream = this.#parts.streams.get(claim.liveId);
      return stream?.isAttended ? [{ ...claim, originMs: stream.originMs, ...stream.reached }] : [];
    });
    if (claims.length === 0) return;
    try {
      const standing = await store.renew(this.#host.db, claims);
      for (const { liveId } of claims) if (!standing.has(liveId)) await this.#close(liveId);
    } catch (error) {
      this.#host.log.warn("claims of live streams were not renewed", { err: error });
    }
  }

  #inTurn(liveId: Id, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(liveId) ?? Promise.resolve())
      .then(work)
      .catch((error: unknown) =>
        this.#host.log.warn("a live stream's publisher was not recorded", { liveId, err: error }),
      )
      .finally(() => {
        if (this.#turns.get(liveId) === turn) this.#turns.delete(liveId);
      });
    this.#turns.set(liveId, turn);
    return turn;
  }
}
