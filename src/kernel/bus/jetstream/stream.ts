import {
  AckPolicy,
  type ConsumerInfo,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";

/** One stream carries the events of all publishers: a consumer knows the type it wants, not who publishes it. */
export const stream = "KINORA_EVENTS";
const prefix = "kinora.events";
/** Events of one key are in one partition, which one process at a time consumes for a service. */
export const partitions = 4;
/** A consumer that was away for longer gets its events from the outbox again. */
const keptMs = 24 * 3_600_000;
/** A publisher that sends an event again within this time does not store it twice. */
const duplicatesMs = 120_000;

export const batchMax = 64;
/** After this time a batch of a process that died is delivered to the next one. */
export const ackWaitMs = 15_000;

export const partitionOf = (key: number): number => key % partitions;
export const subjectOf = (partition: number, source: string): string => `${prefix}.${partition}.${source}`;
export const durableOf = (consumer: string, partition: number): string => `${consumer}-${partition}`;

export const partitionOfDurable = (durable: string): number => Number(durable.slice(durable.lastIndexOf("-") + 1));

/** Makes the stream where it is not there. */
export async function ensureStream(jsm: JetStreamManager): Promise<void> {
  await jsm.streams.add({
    name: stream,
    subjects: [`${prefix}.>`],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: nanos(keptMs),
    duplicate_window: nanos(duplicatesMs),
  });
}

/** Makes the durable consumer of a service and a partition where it is not there; its state either way. */
export async function ensureDurable(jsm: JetStreamManager, consumer: string, partition: number): Promise<ConsumerInfo> {
  await ensureStream(jsm);
  // The types are filtered by the process that fetches: several filters of one consumer need a server of version 2.10.
  return await jsm.consumers.add(stream, {
    durable_name: durableOf(consumer, partition),
    filter_subject: `${prefix}.${partition}.>`,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitMs),
    deliver_policy: DeliverPolicy.All,
    max_ack_pending: batchMax,
  });
}
