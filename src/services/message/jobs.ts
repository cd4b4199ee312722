import { type Host, type Id, type Job, type JobKind, job, type Tx } from "#kernel";
import { forgetJob } from "#policy/copies/deleted-users";
import { relation } from "#services/relation/contract";
import { message } from "./contract.ts";
import { type Fact, publishedOf, type StartedRoom, startedOf } from "./notifications/facts.ts";
import * as forgetStore from "./erasure-store.ts";
import type { Delivery } from "./notifications/delivery.ts";
import * as notificationStore from "./notifications/notification-store.ts";
import type { Recipients } from "./notifications/recipients.ts";
import type * as store from "./store.ts";
import type { UpdateListeners } from "./update-listeners.ts";

type Db = Tx<store.Tables>;
/** Followers that are notified, or rows that are deleted, in one transaction. */
const batchSize = 500;

interface Publication {
  readonly videoId: Id;
  readonly userId: Id;
  readonly title: string;
}

interface Parts {
  readonly delivery: Delivery;
  readonly listeners: UpdateListeners;
}

/** Jobs that notify users. */
export const createDeliveryJobs = (
  { client, call }: Pick<Host<store.Tables>, "client" | "call">,
  { delivery, recipients, listeners }: Parts & { readonly recipients: Recipients },
): JobKind[] => {
  /**
   * Notifies all followers of a user, in batches, so that a user with millions of them delays no other; none of them is
   * notified twice.
   */
  async function notifyFollowers(running: Job, userId: Id, factOf: (followerId: Id) => Fact) {
    let after: number | null = 0;
    while (after !== null) {
      // A process that stops leaves the rest to the next one.
      running.signal.throwIfAborted();
      const batch: { userIds: Id[]; next: number | null } = await client(relation).followersOf(
        { userId, after, limit: batchSize },
        call(),
      );
      const facts = batch.userIds.map(factOf);
      await running.step(async (tx: Db) => void (await delivery.deliver(tx, facts)));
      listeners.notify(batch.userIds);
      after = batch.next;
    }
  }
  return [
    job<{ readonly facts: readonly Fact[] }>({
      kind: "notify",
      // Concurrent facts mostly concern the same few inboxes, each of which is one lock.
      concurrency: 1,
      attemptsMax: 12,
      leaseMs: 30_000,
      async run(running) {
        const facts = await recipients.deliverable(running.payload.facts);
        await running.finish(async (tx: Db) => void (await delivery.deliver(tx, facts)));
        listeners.notify(facts.map(({ userId }) => userId));
      },
    }),
    job<Publication>({
      kind: "publish",
      concurrency: 1,
      attemptsMax: 12,
      leaseMs: 60_000,
      async run(running) {
        const { videoId, userId } = running.payload;
        if (await recipients.isForFollowers(videoId, userId))
          await notifyFollowers(running, userId, (id) => publishedOf(running.payload, id));
        await running.finish(async () => undefined);
      },
    }),
    job<StartedRoom>({
      kind: "live",
      concurrency: 1,
      attemptsMax: 12,
      leaseMs: 60_000,
      async run(running) {
        const { liveId, ownerId } = running.payload;
        if (await recipients.isLiveForFollowers(liveId, ownerId))
          await notifyFollowers(running, ownerId, (id) => startedOf(running.payload, id));
        await running.finish(async () => undefined);
      },
    }),
  ];
};

/** Jobs that delete notifications of a video or a live room, and everything of a deleted account. */
export const createRemovalJobs = (
  { emit }: Pick<Host<store.Tables>, "emit">,
  { delivery, listeners }: Parts,
): JobKind[] => {
  /** Deletes notifications in batches until none is left; devices of their readers learn of it. */
  async function dropAll(running: Job, dropSome: (tx: Db) => Promise<Id[]>): Promise<void> {
    let readers: Id[];
    do {
      readers = [];
      await running.step(async (tx: Db) => {
        readers = await dropSome(tx);
        await delivery.publishChange(tx, readers);
      });
      listeners.notify(readers);
    } while (readers.length > 0);
    await running.finish(async () => undefined);
  }
  return [
    job<{ readonly videoId: Id; readonly exceptOf: Id | null }>({
      kind: "drop",
      concurrency: 1,
      attemptsMax: 20,
      leaseMs: 30_000,
      async run(running) {
        const { videoId, exceptOf } = running.payload;
        await dropAll(running, (tx) => notificationStore.dropSomeOfVideo(tx, videoId, exceptOf, batchSize));
      },
    }),
    job<{ readonly liveId: Id }>({
      kind: "drop-live",
      concurrency: 1,
      attemptsMax: 20,
      leaseMs: 30_000,
      async run(running) {
        const { liveId } = running.payload;
        await dropAll(running, (tx) => notificationStore.dropSomeOfLive(tx, liveId, batchSize));
      },
    }),
    forgetJob(message.name, emit, (tx: Db, userId) => forgetStore.deleteSome(tx, userId, batchSize)),
  ];
};
