import { type Call, type Host, type Id, joinHandlers } from "#kernel";
import type { ViewerAccess } from "../access.ts";
import type { Tables } from "../store.ts";
import { createGateAdmission } from "./admission.ts";
import * as store from "./gate-store.ts";
import { createGates } from "./gates.ts";
import { createGateInvitations } from "./invitations.ts";
import { createGateOwners } from "./owners.ts";
import { createGatePurchases } from "./purchases.ts";

/** Gates of things: how viewers stand before them, invitations, purchases, and who opened what. */
export function createGateHandlers(host: Host<Tables>, access: ViewerAccess) {
  const { db } = host;
  const owners = createGateOwners(host);
  const gates = createGates(host, owners);

  return {
    handlers: joinHandlers(
      gates.handlers,
      createGateInvitations(host, owners, { ...gates, ...createGateAdmission(host, owners) }),
      createGatePurchases(host, owners, { ...gates, access }),
    ),

    /** A viewer watches a video with a gate: its owner sees who opened it, and refunds end with a tenth of it. */
    async recordWatched(videoId: Id, watchedMs: number, call: Call): Promise<void> {
      const { userId } = call;
      if (userId === undefined) return;
      const thing = { kind: "video" as const, id: videoId };
      // The first opening is stored; payments, invitations and checks store theirs themselves.
      const isFirst = await db.tx((tx) => store.addWatched(tx, videoId, userId, watchedMs));
      if (isFirst) await gates.recordOpening(thing, await owners.gateOf(thing, call), call);
    },
  };
}
