import { type Db, Gather, type Id } from "#kernel";
import * as requestStore from "./requests/request-store.ts";
import * as store from "./store.ts";

const noTie = { isFollowed: false, isFollower: false, isBlocked: false, isBlocking: false };

/** Follows and blocks between users; concurrent look-ups are one statement. */
export function createRelationships(db: Db<store.Tables>) {
  const both = new Gather(db, store.between);
  const outward = new Gather(db, store.towards);
  const hidden = new Gather(db, store.hiddenFrom, { keysMax: 50 });
  const pairs = (userId: Id, otherIds: readonly Id[]) => otherIds.map((targetId) => ({ userId, targetId }));

  const between = async (userId: Id, otherIds: readonly Id[]): Promise<store.Relationship[]> =>
    (await both.all(pairs(userId, otherIds))).filter((relationship) => relationship !== undefined);

  return {
    /** The relationships between a user and each of the others; pairs without any tie are left out. */
    between,

    /** The relationship of a user to each of the others, and whether the user waits to follow; a visitor has none. */
    async states(userId: Id | undefined, otherIds: readonly Id[]) {
      const [ties, requestedIds] =
        userId === undefined
          ? [[], new Set<Id>()]
          : await Promise.all([between(userId, otherIds), requestStore.requestedAmong(db, userId, otherIds)]);
      const byUser = new Map(ties.map((tie) => [tie.userId, tie]));
      return otherIds.map((id) => ({
        ...(byUser.get(id) ?? { userId: id, ...noTie }),
        isRequested: requestedIds.has(id),
      }));
    },

    /** As `between`, but for whether they follow. */
    towards: async (userId: Id, otherIds: readonly Id[]): Promise<store.OutwardRelationship[]> =>
      (await outward.all(pairs(userId, otherIds))).filter((relationship) => relationship !== undefined),

    /** The given ids that a user follows. */
    followed: async (userId: Id, otherIds: readonly Id[]): Promise<Id[]> =>
      (await outward.all(pairs(userId, otherIds))).flatMap((relationship) =>
        relationship?.isFollowed ? [relationship.userId] : [],
      ),

    /** Accounts that are hidden from a user by blocks either way, the latest first, and whether there are more. */
    async hiddenFrom(userId: Id, limit: number): Promise<{ userIds: Id[]; isWhole: boolean }> {
      const userIds = (await hidden.get({ userId, limit: limit + 1 })) ?? [];
      return { userIds: userIds.slice(0, limit), isWhole: userIds.length <= limit };
    },
  };
}
