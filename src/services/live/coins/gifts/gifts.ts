import { BadToken } from "#policy/account";
import { type Call, callerOf, Group, type Id, type PageInput } from "#kernel";
import type { z } from "zod";
import { type GiftRecord, type Giver, GiftNotFound, GiftToYourself, HostBlocked, type live } from "../../contract.ts";
import { shards } from "../ledger/ledger.ts";
import { intentId } from "../ledger/transfer-id.ts";
import type { Wallets } from "../ledger/wallets.ts";
import type { InRooms } from "../../room/moderation/in-rooms.ts";
import { isStaff, type SeenRoom } from "../../room/moderation/room-state.ts";
import type { Passage } from "../../room/moderation/text-gate.ts";
import type { RoomAccess } from "../../room/rooms/access.ts";
import * as roomStore from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import { createGiftBatch } from "./gift-batch.ts";
import { heldTextOf } from "./gift-messages.ts";
import type { GiftOrder, GiftOutcome } from "./gift-payment.ts";
import * as store from "./gift-store.ts";

type Send = z.output<(typeof live)["methods"]["sendGift"]["input"]>;

interface Parts extends InRooms {
  readonly access: RoomAccess;
  readonly wallets: Wallets;
}

/** A larger batch would delay each gift and gain nothing. */
const batchMax = 64;

/** Gifts to the owners of live rooms. */
export function createGifts(host: LiveHost, { access, standing, gate, held, log, nameOf, wallets }: Parts) {
  const { db, random } = host;
  // By the owner: the gifts of one wait for each other anyway, at the owner's account.
  const groups = Array.from(
    { length: shards },
    (_, shard) =>
      new Group<Tables, GiftOrder, GiftOutcome>(db, createGiftBatch(host, held, shard), {
        itemsMax: batchMax,
        lanes: 1,
      }),
  );

  async function orderOf(state: SeenRoom, { id: liveId, ...input }: Send, call: Call): Promise<GiftOrder> {
    const userId = callerOf(call);
    const { row: room, relationship } = state;
    if (room.ownerId === userId) throw GiftToYourself({});
    const gift = (await store.catalogue(db)).find(({ id }) => id === input.giftId);
    if (!gift) throw GiftNotFound({});
    if (relationship?.isBlocked) throw HostBlocked({});
    // A rule that refuses the words takes nothing of the gift.
    const passage: Passage = /\S/u.test(input.message)
      ? await gate.passageOf(state, input.message, call)
      : { status: "sent" };
    const giver = await nameOf(userId, call).catch(() => undefined);
    const accounts = await wallets.open([userId, room.ownerId]);
    const [purse, target] = [accounts.get(userId), accounts.get(room.ownerId)];
    if (!purse || !target) throw BadToken({});
    const key = call.idempotencyKey ?? random(16).toString("base64url");
    return {
      ...input,
      transferId: intentId("gift", userId, key),
      liveId,
      userId,
      targetId: room.ownerId,
      purse,
      target,
      gift,
      passage,
      giver,
      traceId: call.traceId,
    };
  }

  return {
    async sendGift(input: Send, call: Call) {
      const state = await standing.visible(input.id, call);
      const order = await orderOf(state, input, call);
      const outcome = await groups[order.targetId % shards]?.add(order);
      if (!outcome) throw new Error("there is no group for this shard");
      if ("refused" in outcome) throw outcome.refused;
      const { record, isNew, entry, heldId } = outcome;
      if (isNew && entry && record.messageSeq !== null) log.publishCommitted(order.liveId, entry, record.messageSeq);
      const text = heldTextOf(order, record.id);
      if (heldId !== undefined && text) held.announce(heldId, text, state);
      return presentRecord(record, call.userId, false);
    },

    gifts: async () => ({ items: await store.catalogue(db) }),

    async giftRecords({ id, ...page }: { id: Id } & PageInput, call: Call) {
      const state = await standing.visible(id, call);
      const { items, ...paging } = await store.ofRoom(db.read(call), id, page);
      return { ...paging, items: items.map((row) => presentRecord(row, call.userId, isStaff(state, call))) };
    },

    async givers({ id, limit }: { id: Id; limit: number }, call: Call) {
      await access.requireVisible(await roomStore.byId(db, id), call);
      const rows = await store.givers(db.read(call), id, limit);
      return {
        items: rows.map((row, place): Giver => {
          const isMine = row.userId === call.userId;
          return { ...row, rank: place + 1, isMine, userId: isMine || !row.isAnonymous ? row.userId : null };
        }),
      };
    },
  };
}

/** A record as a viewer sees it; those who moderate the room see who gave anonymously. Pure. */
export function presentRecord(
  { balance, messageReason, transferId: _, ...row }: store.Row,
  viewerId: Id | undefined,
  isStaffOfRoom: boolean,
): GiftRecord {
  const isMine = viewerId !== undefined && row.userId === viewerId;
  return {
    ...row,
    userId: isMine || isStaffOfRoom || !row.isAnonymous ? row.userId : null,
    isMine,
    ...(isMine && { balance }),
    ...(isMine && messageReason !== "" && { messageReason }),
  };
}
