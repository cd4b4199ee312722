import { type Call, callerOf, Group, type Id, type PageInput } from "#kernel";
import type { z } from "zod";
import { BadToken } from "#services/auth/contract";
import { type GiftRecord, type Giver, GiftNotFound, GiftToYourself, HostBlocked, type live } from "../contract.ts";
import { shards } from "../ledger/ledger.ts";
import { intentId } from "../ledger/transfer-id.ts";
import type { Wallets } from "../ledger/wallets.ts";
import type { RoomAccess } from "../rooms/access.ts";
import type { RoomPolicy } from "../rooms/posting-policy.ts";
import * as roomStore from "../rooms/room-store.ts";
import type { LiveHost } from "../settings.ts";
import type { Tables } from "../store.ts";
import { giftBatch } from "./gift-batch.ts";
import type { GiftOrder, GiftOutcome } from "./gift-payment.ts";
import * as store from "./gift-store.ts";

type Send = z.output<(typeof live)["methods"]["sendGift"]["input"]>;

interface Parts {
  readonly access: RoomAccess;
  readonly policy: RoomPolicy;
  readonly wallets: Wallets;
  /** Called after the commit, once for each gift, as everybody may see it. */
  readonly gifted: (record: GiftRecord, call: Call) => void;
}

/** Where more wait for a batch, the time of each grows and nothing is gained. */
const batchMax = 64;

/** Gifts to the owners of live rooms. */
export function gifts(host: LiveHost, { access, policy, wallets, gifted }: Parts) {
  const { db, random } = host;
  // By the owner: the gifts of one wait for each other anyway, at the owner's account.
  const groups = Array.from(
    { length: shards },
    (_, shard) =>
      new Group<Tables, GiftOrder, GiftOutcome>(db, giftBatch(host, shard), { itemsMax: batchMax, lanes: 1 }),
  );

  async function orderOf({ id: liveId, ...input }: Send, call: Call): Promise<GiftOrder> {
    const userId = callerOf(call);
    const { row: room, relationship } = await access.visible(await roomStore.byId(db, liveId), call);
    if (room.ownerId === userId) throw GiftToYourself({});
    const gift = (await store.catalogue(db)).find(({ id }) => id === input.giftId);
    if (!gift) throw GiftNotFound({});
    if (relationship?.isBlocked) throw HostBlocked({});
    await policy.requireUnmuted(call);
    const heldFor = await policy.flagReason([input.message], call);
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
      heldFor,
      traceId: call.traceId,
    };
  }

  return {
    async sendGift(input: Send, call: Call) {
      const order = await orderOf(input, call);
      const outcome = await groups[order.targetId % shards]?.add(order);
      if (!outcome) throw new Error("there is no group for this shard");
      if ("refused" in outcome) throw outcome.refused;
      if (outcome.isNew) gifted(presentRecord(outcome.record, undefined), call);
      return presentRecord(outcome.record, order.userId);
    },

    gifts: async () => ({ items: await store.catalogue(db) }),

    async giftRecords({ id, ...page }: { id: Id } & PageInput, call: Call) {
      await access.requireVisible(await roomStore.byId(db, id), call);
      const { items, ...rest } = await store.ofRoom(db.read(call), id, page);
      return { ...rest, items: items.map((row) => presentRecord(row, call.userId)) };
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

/** A record as a viewer sees it. Pure. */
function presentRecord({ balance, transferId: _, ...row }: store.Row, viewerId: Id | undefined): GiftRecord {
  const isMine = viewerId !== undefined && row.userId === viewerId;
  return {
    ...row,
    userId: isMine || !row.isAnonymous ? row.userId : null,
    isMine,
    ...(isMine && { balance }),
  };
}
