import { notificationCreated } from "#events/message";
import type { Host, Id, Tx } from "#kernel";
import { type Fact, typeOf } from "./facts.ts";
import * as notificationStore from "./notification-store.ts";
import type { Tables } from "../store.ts";
import * as store from "../store.ts";

/** Stores notifications of these facts, each once. Yields their recipients. */
type Deliver = (tx: Tx<Tables>, facts: readonly Fact[]) => Promise<readonly Id[]>;

/** Sends what was delivered elsewhere too; called with the first number of each recipient, in their transaction. */
type Alert = (tx: Tx<Tables>, due: readonly { readonly userId: Id; readonly firstSeq: number }[]) => Promise<void>;

export interface Delivery {
  deliver: Deliver;
  /** Publishes to devices that notifications were read or deleted. */
  publishChange: (tx: Tx<Tables>, userIds: readonly Id[]) => Promise<void>;
}

export function createDelivery(
  { emitAll, nextId, now }: Pick<Host<Tables>, "emitAll" | "nextId" | "now">,
  alerts: readonly Alert[],
): Delivery {
  /** Each takes a number of its reader's, in the order of publication. */
  async function insertNotifications(tx: Tx<Tables>, facts: readonly Fact[]): Promise<readonly Id[]> {
    const last = await store.takeNumbers(
      tx,
      facts.map(({ userId }) => userId),
    );
    // Again, because these users are locked now.
    const undelivered = await notificationStore.findUndelivered(tx, facts);
    const createdAtMs = now();
    const rows = assignNumbers(undelivered, last).map((fact) => ({ ...fact, id: nextId(), createdAtMs }));
    if (rows.length === 0) return [];
    await notificationStore.insert(tx, rows);
    await store.addUpdates(
      tx,
      rows.map(({ userId, seq, id }) => ({
        user_id: userId,
        seq,
        type: "notification",
        item_id: id,
        conversation_id: null,
        created_at_ms: createdAtMs,
      })),
    );
    await emitAll(
      tx,
      notificationCreated,
      rows.map(({ userId, id, kind }) => ({
        key: userId,
        payload: { notificationId: id, userId, type: typeOf[kind], atMs: createdAtMs },
      })),
    );
    const due = rows
      .filter(({ kind }) => kind !== "welcome")
      .map(({ userId, seq: firstSeq }) => ({ userId, firstSeq }));
    if (due.length > 0) for (const alert of alerts) await alert(tx, due);
    return rows.map(({ userId }) => userId);
  }

  return {
    async deliver(tx, facts) {
      if (facts.length === 0) return [];
      const deleted = await store.deletedAmong(tx, facts.flatMap(thingsOf));
      const existing = facts.filter((fact) => !thingsOf(fact).some((thing) => deleted.has(store.nameOf(thing))));
      if (existing.length === 0) return [];
      const undelivered = distinct(await notificationStore.findUndelivered(tx, existing));
      return undelivered.length === 0 ? [] : [...new Set(await insertNotifications(tx, undelivered))];
    },

    async publishChange(tx, userIds) {
      if (userIds.length === 0) return;
      const seqs = await store.takeNumbers(tx, userIds);
      const created_at_ms = now();
      const rows = [...seqs].map(([user_id, seq]) => ({
        user_id,
        seq,
        type: "notifications",
        item_id: null,
        conversation_id: null,
        created_at_ms,
      }));
      await store.addUpdates(tx, rows);
    },
  };
}

/** The things a fact is about: where one of them is deleted, nobody is notified. */
function thingsOf({ videoId, liveId, commentId, rootId, senderId }: Fact): store.ThingId[] {
  const all = [
    ["video", videoId],
    ["live", liveId],
    ["comment", commentId],
    ["comment", rootId],
    ["user", senderId],
  ] as const;
  return all.flatMap(([kind, id]) => (id === null ? [] : [[kind, id] as const]));
}

/** An act that was undone and repeated in the meantime is one fact. Pure. */
const distinct = (facts: readonly Fact[]): readonly Fact[] => [
  ...new Map(facts.map((fact) => [`${fact.userId}:${fact.kind}:${fact.factId}:${fact.senderId}`, fact])).values(),
];

/** The facts of each person under their last numbers, in order; those of people without numbers are left out. Pure. */
function assignNumbers(facts: readonly Fact[], last: ReadonlyMap<Id, number>): (Fact & { seq: number })[] {
  return [...Map.groupBy(facts, ({ userId }) => userId)].flatMap(([userId, factsOfUser]) => {
    const end = last.get(userId);
    return end === undefined
      ? []
      : factsOfUser.map((fact, place) => ({ ...fact, seq: end - factsOfUser.length + 1 + place }));
  });
}
