import type { Id } from "#kernel";
import type { Row } from "./rooms/room-store.ts";

type Subscriber<Facts extends readonly unknown[]> = (...facts: Facts) => unknown;

/** One kind of signal. */
export class SignalChannel<Facts extends readonly unknown[]> {
  readonly #subscribers: Subscriber<Facts>[] = [];

  subscribe(subscriber: Subscriber<Facts>): void {
    this.#subscribers.push(subscriber);
  }

  /** Calls the subscribers in the order of their subscription, and settles with the last of them. @throws as they do */
  emit(...facts: Facts): Promise<unknown> {
    return Promise.all(this.#subscribers.map((subscriber) => subscriber(...facts)));
  }
}

/** Facts about rooms of this process, which one wing of the service sends and another one acts on. */
export class RoomSignals {
  /** A room was started, changed, paused or ended, or got a new key. It is sent after the commit. */
  readonly changed = new SignalChannel<[row: Row, isNewKey: boolean]>();
  /** An account was muted in a room or banned from it. */
  readonly restricted = new SignalChannel<[liveId: Id, userId: Id]>();
  /** A publisher came to a room or left it. */
  readonly attended = new SignalChannel<[liveId: Id, isAttended: boolean]>();
}
