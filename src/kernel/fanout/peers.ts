import { randomUUID } from "node:crypto";
import { LocalFanout } from "./local.ts";
import type { Fanout } from "./port.ts";

/** A message from one process to another. */
export interface Delivery {
  readonly topic: string;
  readonly bytes: Uint8Array;
  /** Names the process it comes from: a process may be among its own peers. */
  readonly from: string;
}

export interface PeerFanout extends Fanout {
  /** Takes what another process has sent. */
  deliver(delivery: Delivery): void;
}

/**
 * Between processes without a broker: each one sends to all others itself, and awaits nothing. `send` may fail; who is not
 * reached has missed it.
 */
export function createPeerFanout(send: (delivery: Delivery) => readonly Promise<unknown>[]): PeerFanout {
  const local = new LocalFanout();
  const from = randomUUID();
  return {
    publish(topic, bytes) {
      local.publish(topic, bytes);
      for (const sent of send({ topic, bytes, from })) sent.catch(() => undefined);
    },
    subscribe: (topic, handler) => local.subscribe(topic, handler),
    deliver(delivery) {
      if (delivery.from !== from) local.publish(delivery.topic, delivery.bytes);
    },
  };
}
