import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer, JsMsg } from "@nats-io/jetstream";
import type { Lease } from "../../lock/port.ts";
import type { Log } from "../../log/port.ts";
import type { ConsumerEnd, Delivery, Subscribed } from "../port.ts";
import type { Broker } from "./broker.ts";
import { ackWaitMs, batchMax, durableOf, ensureDurable, partitions, stream } from "./stream.ts";

const fetchMs = 5_000;
/** A process that has partitions already waits longer for another one, so that processes share them. */
const turnMs = 300;
/** After this time a partition is offered to other processes. */
const heldMs = 60_000;
const againMs = 1_000;

/** Consumes the partitions of a service, each in one process at a time, under a lease of the service's database. */
export function subscribeDurably(broker: Broker, consumer: ConsumerEnd, log: Log): Subscribed {
  const stopping = new AbortController();
  if (consumer.types.size === 0) return { stop: async () => undefined };
  const leases = { count: 0 };
  const loops = Array.from({ length: partitions }, async (_, partition) => {
    while (!stopping.signal.aborted) {
      await pause(turnMs * leases.count, stopping.signal);
      const turn = await consumer.locks
        .try(`bus ${partition}`, async (lease) => {
          leases.count += 1;
          try {
            await consume({ broker, consumer, partition, lease, log, stopping: stopping.signal });
          } finally {
            leases.count -= 1;
          }
          return true;
        })
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) log.warn("events are not consumed", { consumer: consumer.name, err: error });
        });
      if (turn === undefined) await pause(againMs, stopping.signal);
    }
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

interface Turn {
  readonly broker: Broker;
  readonly consumer: ConsumerEnd;
  readonly partition: number;
  readonly lease: Lease;
  readonly log: Log;
  readonly stopping: AbortSignal;
}

async function consume({ broker, consumer, partition, lease, log, stopping }: Turn): Promise<void> {
  const signal = AbortSignal.any([stopping, lease.signal]);
  const { js, jsm } = await broker.connection();
  const { num_ack_pending: underway } = await ensureDurable(jsm, consumer.name, partition);
  // Events that another process did not acknowledge come again after this time; later ones must not overtake them.
  if (underway > 0) await pause(ackWaitMs, signal);
  const durable = await js.consumers.get(stream, durableOf(consumer.name, partition));
  const untilMs = performance.now() + heldMs;
  while (!signal.aborted && performance.now() < untilMs) {
    const messages = await fetchMessages(durable, signal);
    if (messages.length === 0) continue;
    await receive(consumer, messages, signal, log);
  }
}

/** The next event as soon as there is one, with the events behind it that have already arrived. */
async function fetchMessages(durable: Consumer, signal: AbortSignal): Promise<JsMsg[]> {
  const [first] = await exactly(durable, 1, signal);
  if (first === undefined) return [];
  const more = Math.min(first.info.pending, batchMax - 1);
  return more === 0 ? [first] : [first, ...(await exactly(durable, more, signal))];
}

/** A request that ends with its last event: what came for an earlier end would be lost until it is delivered again. */
async function exactly(durable: Consumer, count: number, signal: AbortSignal): Promise<JsMsg[]> {
  const batch = await durable.fetch({ max_messages: count, expires: fetchMs });
  const stop = () => batch.stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Array.fromAsync(batch);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Hands a batch to the consumer until it has it; in order, so that the same batch is tried again. */
async function receive(
  consumer: ConsumerEnd,
  messages: readonly JsMsg[],
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  const events = messages.map(deliveryOf).filter(({ type }) => consumer.types.has(type));
  for (let attempts = 0; ; attempts++) {
    if (signal.aborted) {
      // For the next process, without waiting.
      for (const message of messages) message.nak();
      return;
    }
    try {
      await consumer.receive(events);
      break;
    } catch (error) {
      log.warn("events were not received", { consumer: consumer.name, err: error });
      for (const message of messages) message.working();
      await pause(Math.min(500 * 2 ** attempts, ackWaitMs / 2), signal);
    }
  }
  for (const message of messages) message.ack();
}

const deliveryOf = (message: JsMsg): Delivery => {
  const head = (name: string) => message.headers?.get(name) ?? "";
  return {
    eventId: head("Nats-Msg-Id"),
    type: head("Kinora-Type"),
    source: head("Kinora-Source"),
    key: Number(head("Kinora-Key")),
    traceId: head("Kinora-Trace"),
    payload: message.string(),
  };
};

const pause = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
