import { BadToken } from "#policy/account";
import { clubLevelChanged } from "#events/live";
import { type Call, callerOf, Gather, type Id } from "#kernel";
import { deletedAmong } from "#policy/copies/deleted-users";
import { user } from "#services/user/contract";
import { HostBlocked, LiveNotFound, OwnFanClub } from "../../contract.ts";
import type { RoomAccess } from "../../room/rooms/access.ts";
import * as roomStore from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./fan-club-store.ts";
import { badgeOf, beginOf, levelOf } from "./levels.ts";

/** The level of a user in the fan club of an owner; 0 where they are no member. Many are looked up together. */
export function createFanLevels({ db }: Pick<LiveHost, "db">): (fan: store.Fan) => Promise<number> {
  const experiences = new Gather(db, (reader, fans: readonly store.Fan[]) => store.experienceOf(reader, fans));
  return async (fan) => {
    const experience = await experiences.get(fan);
    return experience === undefined ? 0 : levelOf(experience);
  };
}

/** Fan clubs of hosts, found by any of their rooms. */
export function createFanClubs({ db, emit, now, client, call: newCall, log }: LiveHost, access: RoomAccess) {
  const hostOf = async (id: Id, call: Call): Promise<Id> =>
    (await access.requireVisible(await roomStore.byId(db, id), call)).ownerId;

  /** The name of a user; empty where their service is unavailable. */
  async function nameOf(id: Id, { traceId, signal }: Call): Promise<string> {
    try {
      const { items } = await client(user).briefs({ ids: [id] }, newCall({ traceId, signal }));
      return items[0]?.nickname ?? "";
    } catch (error) {
      log.warn("the name of a fan club is unavailable", { err: error });
      return "";
    }
  }

  async function setMember(id: Id, isMember: boolean, call: Call) {
    const userId = callerOf(call);
    // A member who is banned from the room may still leave the club.
    const ownerId = isMember
      ? await hostOf(id, call)
      : (await access.requireKnown(await roomStore.byId(db, id), call)).ownerId;
    if (isMember && ownerId === userId) throw OwnFanClub({});
    if (isMember && (await access.relationshipTo(ownerId, call))?.isBlocked) throw HostBlocked({});
    return db.tx(async (tx) => {
      const deleted = await deletedAmong(tx, [userId, ownerId]);
      if (deleted.has(userId)) throw BadToken({});
      if (deleted.has(ownerId)) throw LiveNotFound({});
      await store.setMember(tx, { ownerId, userId, isMember }, now());
      const membership = presentMembership(await store.membership(tx, ownerId, userId));
      await emit(tx, clubLevelChanged, ownerId, { ownerId, userId, level: membership.level });
      return membership;
    });
  }

  return {
    async fanClub({ id }: { id: Id }, call: Call) {
      const ownerId = await hostOf(id, call);
      const [name, membership] = await Promise.all([
        nameOf(ownerId, call),
        store.membership(db.read(call), ownerId, call.userId),
      ]);
      return { id: ownerId, name, ...presentMembership(membership) };
    },

    joinFanClub: ({ id }: { id: Id }, call: Call) => setMember(id, true, call),
    leaveFanClub: ({ id }: { id: Id }, call: Call) => setMember(id, false, call),
  };
}

/** A user's membership of a club, as answers have it. Pure. */
function presentMembership({ memberCount, isMember, experience }: store.Membership) {
  const level = isMember ? levelOf(experience) : 0;
  return {
    memberCount,
    isMember,
    level,
    experience,
    nextLevelAt: beginOf(level + 1),
    badgeName: badgeOf(level),
  };
}
