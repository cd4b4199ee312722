import { BadToken } from "#policy/account";
import { clubLevelChanged, giftSent } from "#events/live";
import type { Tx } from "#kernel";
import { KeyReused } from "#kernel/errors";
import { deletedAmong } from "#policy/copies/deleted-users";
import { addExperience, type Raised } from "../fan-clubs/fan-club-store.ts";
import { levelOf } from "../fan-clubs/levels.ts";
import { LiveNotFound, NotLive } from "../../contract.ts";
import type { HeldTexts } from "../../room/moderation/held-texts.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import { heldTextOf, type GiftMessage, withMessages } from "./gift-messages.ts";
import { type GiftOrder, type GiftOutcome, createGiftPayment } from "./gift-payment.ts";
import * as store from "./gift-store.ts";

type Parts = Pick<LiveHost, "emitAll" | "now" | "nextId" | "settings">;
/** Pays many gifts in one transaction, each once and whole or not at all; one that is refused hinders no other. */
export type WriteGifts = (tx: Tx<Tables>, orders: readonly GiftOrder[]) => Promise<GiftOutcome[]>;

export function createGiftBatch(host: Parts, held: Pick<HeldTexts, "hold">, shard: number): WriteGifts {
  const { emitAll } = host;
  const pay = createGiftPayment(host, shard);

  async function publish(tx: Tx<Tables>, gifts: readonly GiftMessage[]): Promise<void> {
    const facts = gifts.map(({ order, record: { id: recordId, targetId: ownerId, createdAtMs: atMs, ...record } }) => ({
      key: record.liveId,
      payload: { ...record, recordId, ownerId, atMs },
      traceId: order.traceId,
    }));
    await emitAll(tx, giftSent, facts);
  }

  async function publishLevels(tx: Tx<Tables>, members: readonly Raised[]): Promise<void> {
    const facts = members.flatMap(({ ownerId, userId, experience, before }) => {
      const level = levelOf(experience);
      return level === levelOf(before) ? [] : [{ key: ownerId, payload: { ownerId, userId, level } }];
    });
    if (facts.length > 0) await emitAll(tx, clubLevelChanged, facts);
  }

  return async (tx: Tx<Tables>, orders: readonly GiftOrder[]): Promise<GiftOutcome[]> => {
    const deleted = await deletedAmong(
      tx,
      orders.map(({ userId }) => userId),
    );
    const rooms = await store.lockRooms(
      tx,
      orders.map(({ liveId }) => liveId),
    );
    const roomById = new Map(rooms.map((room) => [room.id, room]));
    const ids = orders.map(({ transferId }) => transferId);
    // After the lock: what another transaction paid with a key in this room is seen here.
    const earlier = await store.ofTransfers(tx, ids);
    const done = new Map<string, GiftOutcome>(earlier.map((record) => [record.transferId, { record, isNew: false }]));
    const payable: GiftOrder[] = [];
    for (const [place, order] of orders.entries()) {
      if (done.has(order.transferId) || ids.indexOf(order.transferId) < place) continue;
      const status = roomById.get(order.liveId)?.status;
      const refused = deleted.has(order.userId)
        ? BadToken({})
        : status === undefined
          ? LiveNotFound({})
          : status === "live" || status === "paused"
            ? undefined
            : NotLive({});
      if (refused) done.set(order.transferId, { refused });
      else payable.push(order);
    }
    const outcomes = payable.length === 0 ? [] : await pay(tx, payable);
    const paid = payable.flatMap((order, place) => {
      const outcome = outcomes[place];
      if (outcome) done.set(order.transferId, outcome);
      // It was just made of the order.
      return outcome && "record" in outcome ? [{ order, record: { ...outcome.record, userId: order.userId } }] : [];
    });
    if (paid.length > 0) {
      const gifts = await withMessages(tx, paid);
      const records = gifts.map(({ record }) => record);
      await store.insert(tx, records);
      await publishLevels(tx, await addExperience(tx, records));
      await publish(tx, gifts);
      for (const { order, record, entry } of gifts) {
        const text = heldTextOf(order, record.id);
        const heldId = text && (await held.hold(tx, text));
        done.set(order.transferId, { record, isNew: true, entry, heldId });
      }
    }
    return orders.map((order, place) =>
      outcomeFor(order, done.get(order.transferId), ids.indexOf(order.transferId) === place),
    );
  };
}

/** The answer to an order with a key, given the outcome of that key. Pure. */
function outcomeFor(order: GiftOrder, outcome: GiftOutcome | undefined, isFirst: boolean): GiftOutcome {
  if (!outcome) throw new Error("an order has no outcome");
  if ("refused" in outcome) return outcome;
  const { record } = outcome;
  const isSame =
    record.liveId === order.liveId &&
    record.giftId === order.giftId &&
    record.quantity === order.quantity &&
    record.isAnonymous === order.isAnonymous;
  if (!isSame) return { refused: KeyReused({}) };
  return isFirst ? outcome : { record, isNew: false };
}
