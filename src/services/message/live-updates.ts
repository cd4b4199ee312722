import { createHash } from "node:crypto";
import { type Call, callerOf, type Host, type Id } from "#kernel";
import { BadTicket, type Update } from "./contract.ts";
import * as conversationStore from "./conversation-store.ts";
import * as notificationStore from "./notification-store.ts";
import { messageOf, notificationOf } from "./presenter.ts";
import type { Tables } from "./store.ts";
import * as store from "./store.ts";
import type { Wakes } from "./wakes.ts";

const ticketLifeMs = 30_000;
/** What another process committed is seen this much later at most. */
const lookEveryMs = 500;

/** Only what a thief cannot use is kept. */
const keyOf = (ticket: string): string => `message:ticket:${createHash("sha256").update(ticket).digest("base64url")}`;

export function updatingOf({ db, cache, random, now, log }: Host<Tables>, wakes: Wakes) {
  /** Of those whom somebody waits for, how far each was when it was last looked. */
  let seen: ReadonlyMap<Id, number> = new Map();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function look(): Promise<void> {
    try {
      const found = await store.seqsOf(db, wakes.userIds);
      wakes.wake([...found].filter(([id, seq]) => seen.get(id) !== seq).map(([id]) => id));
      seen = found;
    } catch (error) {
      log.warn("updates could not be looked for", { err: error });
    }
    timer = undefined;
    lookLater();
  }
  function lookLater(): void {
    if (isStopped || timer !== undefined || wakes.userIds.length === 0) return;
    timer = setTimeout(() => void look(), lookEveryMs);
    timer.unref();
  }

  async function whole(userId: Id, rows: Awaited<ReturnType<typeof store.updatesAfter>>): Promise<Update[]> {
    if (rows.length === 0) return [];
    const idsOf = (type: string) =>
      rows.flatMap((row) => (row.type === type && row.itemId !== null ? [row.itemId] : []));
    const [messages, notifications, unread] = await Promise.all([
      conversationStore.messagesOf(db, userId, idsOf("message")),
      notificationStore.byIds(db, userId, idsOf("notification"), true),
      store.unreadOf(db, userId),
    ]);
    const said = new Map(messages.map((row) => [row.id, messageOf(row, userId)]));
    const told = new Map(notifications.map((row) => [row.id, notificationOf(row)]));
    return rows.map(({ seq, type, itemId, conversationId, createdAtMs }) => ({
      seq,
      type: type as Update["type"], // Nothing else is ever noted.
      conversationId,
      // What was taken away since is not told any more.
      message: type === "message" && itemId !== null ? (said.get(itemId) ?? null) : null,
      notification: type === "notification" && itemId !== null ? (told.get(itemId) ?? null) : null,
      unread,
      createdAtMs,
    }));
  }

  const seqOf = async (userId: Id): Promise<number> => (await store.seqsOf(db, [userId])).get(userId) ?? 0;

  return {
    handlers: {
      unread: (_: object, call: Call) => store.unreadOf(db, callerOf(call)),

      async updates({ after, limit }: { after?: number | undefined; limit: number }, call: Call) {
        const userId = callerOf(call);
        const seq = await seqOf(userId);
        if (after === undefined) return { items: [], seq, reset: false };
        if (after > seq || after < seq - store.updatesKept) return { items: [], seq, reset: true };
        const rows = await store.updatesAfter(db, userId, after, limit);
        const items = await whole(userId, rows);
        // The numbers of what was not told to this person are passed over, where nothing is left to tell.
        const last = rows.at(-1)?.seq ?? after;
        return { items, seq: rows.length < limit ? Math.max(last, seq) : last, reset: false };
      },

      async ticket(_: object, call: Call) {
        const userId = callerOf(call);
        const ticket = random(16).toString("base64url");
        await cache.offer(keyOf(ticket), { userId, sessionId: call.sessionId ?? "" }, ticketLifeMs);
        return { ticket, expiresAtMs: now() + ticketLifeMs };
      },

      async redeem({ ticket }: { ticket: string }) {
        // The cache is the only place it is in: one that lost it refuses, and one that cannot tell says so (503).
        const holder = await cache.take(keyOf(ticket));
        if (holder === undefined) throw BadTicket({});
        return holder as { userId: Id; sessionId: string }; // As it was offered above.
      },

      async *follow({ userId }: { userId: Id }, { signal }: Call) {
        let wake: () => void = () => undefined;
        let isAwake = true;
        const rouse = () => {
          isAwake = true;
          wake();
        };
        const leave = wakes.add(userId, rouse);
        signal.addEventListener("abort", rouse, { once: true });
        lookLater();
        try {
          let last = -1;
          while (!signal.aborted) {
            if (!isAwake) await new Promise<void>((resolve) => (wake = resolve));
            isAwake = false;
            const seq = await seqOf(userId);
            if (seq !== last && !signal.aborted) yield { seq };
            last = seq;
          }
        } finally {
          leave();
          signal.removeEventListener("abort", rouse);
        }
      },
    },

    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
