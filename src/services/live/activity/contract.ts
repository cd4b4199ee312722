import { Id, Instant, page, pageInput, query } from "#kernel";
import { GateKind } from "#policy/gates/fields";
import { z } from "zod";
import { GiftRecord } from "../coins/gifts/contract.ts";
import { Order } from "../coins/products/contract.ts";

/* The activity of an account in all live rooms, for the export of the account. */

/** A chat message that the caller wrote. */
export const OwnRoomMessage = z
  .object({ liveId: Id, seq: z.int(), content: z.string(), createdAtMs: Instant })
  .meta({ id: "OwnRoomMessage" });

/** The place of the caller in the fan club of a host; a former member keeps the experience. */
export const OwnMembership = z
  .object({ ownerId: Id, isMember: z.boolean(), experience: z.int(), joinedAtMs: Instant })
  .meta({ id: "OwnFanClubMembership" });

/** Something that the caller ordered. */
export const OwnOrder = Order.omit({ userId: true }).extend({ liveId: Id }).meta({ id: "OwnOrder" });

/** The last purchase of access to a thing; `isPaid` is false after a refund. */
export const OwnPurchase = z
  .object({
    kind: GateKind,
    thingId: Id,
    sellerId: Id,
    /** Coins. */
    price: z.int(),
    isPaid: z.boolean(),
    boughtAtMs: Instant,
    untilMs: Instant.nullable(),
  })
  .meta({ id: "OwnPurchase" });

const input = z.object(pageInput);

export const activityMethods = {
  ownRoomMessages: query({ auth: "service", input, output: page(OwnRoomMessage) }),
  sentGifts: query({ auth: "service", input, output: page(GiftRecord) }),
  ownMemberships: query({ auth: "service", input, output: page(OwnMembership) }),
  ownOrders: query({ auth: "service", input, output: page(OwnOrder) }),
  ownPurchases: query({ auth: "service", input, output: page(OwnPurchase) }),
};
