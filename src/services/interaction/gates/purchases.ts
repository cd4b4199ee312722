import { asViewer, callerOf, type Handlers, type Host } from "#kernel";
import { termsOf } from "#policy/gate";
import { type GateState, treeOf } from "#policy/gates/fields";
import { RefundOver } from "#policy/gates/failures";
import { live } from "#services/live/contract";
import type { interaction } from "../contract.ts";
import type { ViewerAccess } from "../access.ts";
import type { Tables } from "../store.ts";
import { NotForSale, PriceChanged } from "./contract.ts";
import * as store from "./gate-store.ts";
import type { Gates } from "./gates.ts";
import type { GateOwners } from "./owners.ts";

/** Viewers who have watched more of a video get no coins back. */
const watchedShareMax = 0.1;

/** Access for coins: the price is the owner's, the coins move in the ledger. */
export function createGatePurchases(
  { db, client, call: newCall }: Pick<Host<Tables>, "db" | "client" | "call">,
  { gateOf, notifyOwner }: GateOwners,
  { recordOpening, access }: Pick<Gates, "recordOpening"> & { readonly access: Pick<ViewerAccess, "lengthMs"> },
): Pick<Handlers<typeof interaction>, "buyGate" | "refundGate"> {
  return {
    async buyGate({ kind, id, price: shownPrice }, call) {
      const userId = callerOf(call);
      const thing: store.Thing = { kind, id };
      const { gate, ownerId } = await gateOf(thing, call);
      const term = priceOf(gate);
      if (!term || ownerId === userId) throw NotForSale({});
      const { price, rent_hours: rentHours } = term;
      if (price !== shownPrice) throw PriceChanged({ shown: { price } });
      const { version, ...bought } = await client(live).buyAccess(
        { kind, thingId: id, sellerId: ownerId, price, ...(rentHours !== undefined && { rentHours }) },
        newCall(asViewer(call)),
      );
      const { untilMs } = bought;
      await notifyOwner({ kind, thingId: id, userId, reason: "paid", untilMs, version, isGranted: true }, call);
      await recordOpening(thing, await gateOf(thing, call), call);
      return bought;
    },

    async refundGate({ kind, id }, call) {
      const userId = callerOf(call);
      await gateOf({ kind, id }, call);
      if (kind === "video") {
        const lengthMs = await access.lengthMs(id, call);
        if ((await store.watchedMs(db, id, userId)) >= lengthMs * watchedShareMax) throw RefundOver({});
      }
      const { version, balance } = await client(live).refundAccess({ kind, thingId: id }, newCall(asViewer(call)));
      const grant = { kind, thingId: id, userId, reason: "paid" as const, untilMs: null };
      await notifyOwner({ ...grant, version, isGranted: false }, call);
      return { balance };
    },
  };
}

/** The first term about coins. Pure. */
function priceOf(gate: GateState["gate"]) {
  const terms = gate ? termsOf(treeOf(gate)) : [];
  return terms.flatMap(({ term }) => (term.kind === "coins" ? [term] : []))[0];
}
