import type { Host, Id, Tx } from "#kernel";
import { notificationCreated } from "./contract.ts";
import { type Fact, typeOf } from "./facts.ts";
import * as notificationStore from "./notification-store.ts";
import type { Tables, Thing } from "./store.ts";
import * as store from "./store.ts";

/** Keeps what people are to be told of, once; at most one fact per person. Yields who was told. */
export type Tell = (tx: Tx<Tables>, facts: readonly Fact[]) => Promise<readonly Id[]>;

export function tellingOf({ emitAll, nextId, now }: Pick<Host<Tables>, "emitAll" | "nextId" | "now">): {
  tell: Tell;
  /** Tells devices that notifications were read or are gone. */
  changed: (tx: Tx<Tables>, userIds: readonly Id[]) => Promise<void>;
} {
  return {
    async tell(tx, facts) {
      if (facts.length === 0) return [];
      if (!(await store.areThere(tx, thingsOf(facts)))) return [];
      const untold = await notificationStore.untold(tx, facts);
      if (untold.length === 0) return [];
      const seqs = await store.take(
        tx,
        untold.map(({ userId }) => userId),
      );
      // Again, for now nobody else tells these people anything.
      const still = new Set(await notificationStore.untold(tx, untold));
      const createdAtMs = now();
      const rows = untold.flatMap((fact) => {
        const seq = seqs.get(fact.userId);
        return seq === undefined || !still.has(fact) ? [] : [{ ...fact, seq, id: nextId(), createdAtMs }];
      });
      if (rows.length === 0) return [];
      await notificationStore.keep(tx, rows);
      await store.log(
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
      return rows.map(({ userId }) => userId);
    },

    async changed(tx, userIds) {
      if (userIds.length === 0) return;
      const seqs = await store.take(tx, userIds);
      const created_at_ms = now();
      const rows = [...seqs].map(([user_id, seq]) => ({
        user_id,
        seq,
        type: "notifications",
        item_id: null,
        conversation_id: null,
        created_at_ms,
      }));
      await store.log(tx, rows);
    },
  };
}

/** What all these facts are about: while one of them is gone, nobody is told. */
function thingsOf(facts: readonly Fact[]): (readonly [Thing, Id])[] {
  const things = new Map<string, readonly [Thing, Id]>();
  const add = (kind: Thing, id: Id | null) => void (id !== null && things.set(`${kind}:${id}`, [kind, id]));
  for (const { videoId, commentId, rootId, senderId } of facts) {
    add("video", videoId);
    add("comment", commentId);
    add("comment", rootId);
    add("user", senderId);
  }
  return [...things.values()];
}
