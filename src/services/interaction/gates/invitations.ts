import { createHash } from "node:crypto";
import { gateRevoked } from "#events/gate";
import { type Call, callerOf, type Handlers, type Host } from "#kernel";
import { user } from "#services/user/contract";
import type { interaction } from "../contract.ts";
import type { Tables } from "../store.ts";
import { BadGateInvitation, NobodyToInvite } from "./contract.ts";
import type { GateAdmission } from "./admission.ts";
import * as store from "./gate-store.ts";
import { type Gates, viewOf } from "./gates.ts";
import type { GateOwners } from "./owners.ts";

type InvitationsHost = Pick<Host<Tables>, "db" | "emit" | "now" | "random" | "client" | "call">;
type Methods = "gateInvited" | "inviteToGate" | "uninvite" | "redeemGateLink";

const dayMs = 86_400_000;
const hashOf = (code: string): string => createHash("sha256").update(code).digest("base64url");

/** People who are invited to things: by name, or by a link. */
export function createGateInvitations(
  { db, emit, now, random, client, call: newCall }: InvitationsHost,
  { gateOf, requireOwn, notifyOwner }: GateOwners,
  { recordOpening, admit, peopleOf }: Pick<Gates, "recordOpening"> & GateAdmission,
): Pick<Handlers<typeof interaction>, Methods> {
  const within = ({ traceId, signal }: Call) => newCall({ traceId, signal });

  return {
    async gateInvited({ kind, id, ...page }, call) {
      await requireOwn({ kind, id }, call);
      const { items, ...paging } = await store.listInvited(db, { kind, id }, page);
      const ids = items.map(({ userId }) => userId);
      const briefs = ids.length === 0 ? [] : (await client(user).briefs({ ids }, within(call))).items;
      const byId = new Map(briefs.map((brief) => [brief.id, brief]));
      return { ...paging, items: ids.flatMap((userId) => byId.get(userId) ?? []) };
    },

    async inviteToGate({ kind, id, userIds, usernames, link }, call) {
      const thing = { kind, id };
      await requireOwn(thing, call);
      const isNobody = userIds.length === 0 && usernames.length === 0;
      if (isNobody && !link) throw NobodyToInvite({});
      const added = isNobody ? 0 : await admit(thing, await peopleOf(userIds, usernames, call), call);
      if (!link) return { added };
      const code = random(16).toString("base64url");
      const { uses, expires_in_days: days } = link;
      const expiresAtMs = now() + days * dayMs;
      await db.tx((tx) =>
        store.insertLink(tx, {
          code_hash: hashOf(code),
          kind,
          thing_id: id,
          uses,
          used: 0,
          expires_at_ms: expiresAtMs,
        }),
      );
      return { added, link: { code, uses, expiresAtMs } };
    },

    async uninvite({ kind, id, userId }, call) {
      const thing = { kind, id };
      await requireOwn(thing, call);
      const grant = { kind, thingId: id, userId, reason: "invited" as const };
      const changed = await db.tx(async (tx) => {
        const person = await store.uninvite(tx, thing, userId);
        if (person) await emit(tx, gateRevoked, id, { ...grant, version: person.version });
        return person;
      });
      if (changed) await notifyOwner({ ...grant, untilMs: null, version: changed.version, isGranted: false }, call);
      return {};
    },

    async redeemGateLink({ kind, id, code }, call) {
      const thing = { kind, id };
      // A thing that is not there for the caller answers so, whatever the code.
      const { ownerId } = await gateOf(thing, call);
      if (ownerId === callerOf(call)) throw BadGateInvitation({});
      const isTaken = await db.tx((tx) => store.takeLink(tx, thing, hashOf(code), now()));
      if (!isTaken) throw BadGateInvitation({});
      await admit(thing, [callerOf(call)], call);
      const state = await gateOf(thing, call);
      await recordOpening(thing, state, call);
      return viewOf(state);
    },
  };
}
