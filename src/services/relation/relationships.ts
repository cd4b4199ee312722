import { type Db, Gather, type Id } from "#kernel";
import * as store from "./store.ts";

/** Follows and blocks between users; concurrent look-ups are one statement. */
export function createRelationships(db: Db<store.Tables>) {
  const both = new Gather(db, store.between);
  const outward = new Gather(db, store.towards);
  const hidden = new Gather(db, store.hiddenFrom, { keysMax: 50 });
  const pairs = (userId: Id, otherIds: readonly Id[]) => otherIds.map((targetId) => ({ userId, targetId }));

  return {
    /** The relationships between a user and each of the others; pairs without any tie are left out. */
    between: async (userId: Id, otherIds: readonly Id[]): Promise<store.Relationship[]> =>
      (await both.all(pairs(userId, otherIds))).filter((relationship) => relationship !== undefined),

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
