import { gateGranted } from "#events/gate";
import type { Call, Host, Id } from "#kernel";
import { deletedAmong } from "#policy/copies/deleted-users";
import { user } from "#services/user/contract";
import type { Tables } from "../store.ts";
import { TooManyInvited } from "./contract.ts";
import * as store from "./gate-store.ts";
import type { GateOwners } from "./owners.ts";

type AdmissionHost = Pick<Host<Tables>, "db" | "emit" | "now" | "client" | "call">;

const invitedMax = 10_000;
/** Names that are looked up at once. */
const namesMax = 20;

/** Admits people to things. */
export interface GateAdmission {
  /** The number of those who were not invited before. @throws TooManyInvited */
  readonly admit: (thing: store.Thing, userIds: readonly Id[], call: Call) => Promise<number>;
  /** The ids of the accounts among these, without the caller. */
  readonly peopleOf: (userIds: readonly Id[], usernames: readonly string[], call: Call) => Promise<Id[]>;
}

export function createGateAdmission(
  { db, emit, now, client, call: newCall }: AdmissionHost,
  { notifyOwner }: Pick<GateOwners, "notifyOwner">,
): GateAdmission {
  const within = ({ traceId, signal }: Call) => newCall({ traceId, signal });

  /** Stores that these people are invited, and reports it to the owner of the thing; yields how many were not before. */
  async function admit(thing: store.Thing, userIds: readonly Id[], call: Call): Promise<number> {
    const { kind, id: thingId } = thing;
    const grantOf = ({ userId, version }: store.ChangedInvitation) => ({
      kind,
      thingId,
      userId,
      reason: "invited" as const,
      untilMs: null,
      version,
    });
    const changed = await db.tx(async (tx) => {
      const deleted = await deletedAmong(tx, userIds);
      const people = userIds.filter((id) => !deleted.has(id));
      const invited = await store.invite(tx, thing, people, now());
      if ((await store.invitedCount(tx, thing)) > invitedMax) throw TooManyInvited({});
      for (const person of invited) await emit(tx, gateGranted, thingId, grantOf(person));
      return invited;
    });
    await Promise.all(changed.map((person) => notifyOwner({ ...grantOf(person), isGranted: true }, call)));
    return changed.length;
  }

  async function peopleOf(userIds: readonly Id[], usernames: readonly string[], call: Call): Promise<Id[]> {
    const batches = Array.from({ length: Math.ceil(usernames.length / namesMax) }, (_, n) =>
      client(user).named({ names: usernames.slice(n * namesMax, (n + 1) * namesMax) }, within(call)),
    );
    const named = (await Promise.all(batches)).flatMap(({ items }) => items.map(({ userId }) => userId));
    const ids = [...new Set([...userIds, ...named])].filter((id) => id !== call.userId);
    if (ids.length === 0) return [];
    return (await client(user).briefs({ ids }, within(call))).items.map(({ id }) => id);
  }

  return { admit, peopleOf };
}
