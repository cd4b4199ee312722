import { gateOpened } from "#events/gate";
import { type Call, callerOf, type Handlers, type Host } from "#kernel";
import type { GateState } from "#policy/gates/fields";
import type { interaction } from "../contract.ts";
import type { Tables } from "../store.ts";
import { TooManyChecks } from "#policy/gates/failures";
import type { GateView } from "./contract.ts";
import * as store from "./gate-store.ts";
import type { GateOwners } from "./owners.ts";

const checkMs = 5_000;

/** A gate for the caller, and asking for it anew. */
export interface Gates {
  /** Stores by which terms the caller opened a thing, for its owner. */
  readonly recordOpening: (thing: store.Thing, state: GateState, call: Call) => Promise<void>;
  readonly handlers: Pick<Handlers<typeof interaction>, "gate" | "checkGate" | "gateAudit">;
}

export function createGates(
  { db, emit, cache, now }: Pick<Host<Tables>, "db" | "emit" | "cache" | "now">,
  { gateOf, requireOwn }: GateOwners,
): Gates {
  async function recordOpening(thing: store.Thing, { opening, gate, terms, ownerId }: GateState, call: Call) {
    const { userId } = call;
    if (userId === undefined || userId === ownerId || !gate || opening !== "open") return;
    const met = [...new Set(terms.filter(({ state }) => state === "met").map(({ kind }) => kind))];
    if (met.length === 0) return;
    await db.tx(async (tx) => {
      const { kind, id: thingId } = thing;
      for (const term of await store.addOpenings(tx, thing, userId, met, now()))
        await emit(tx, gateOpened, thingId, { kind, thingId, userId, term });
    });
  }

  return {
    recordOpening,
    handlers: {
      gate: async (thing, call) => viewOf(await gateOf(thing, call)),

      async checkGate(thing, call) {
        const { value, leftMs } = await cache.add(`gate:check:${thing.kind}:${thing.id}:${callerOf(call)}`, 1, checkMs);
        if (value > 1) throw TooManyChecks({ retryAfterMs: Math.ceil(leftMs) });
        const state = await gateOf(thing, call, { isAnew: true });
        await recordOpening(thing, state, call);
        return viewOf(state);
      },

      async gateAudit({ kind, id, ...page }, call) {
        await requireOwn({ kind, id }, call);
        return store.listOpenings(db, { kind, id }, page);
      },
    },
  };
}

/** A gate as clients read it. Pure. */
export const viewOf = ({ opening, gate, terms, teaser, ownerId, title }: GateState): GateView => ({
  open: opening === "open",
  gate: gate ?? null,
  terms,
  teaser,
  ownerId,
  title,
});
