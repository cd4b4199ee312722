import { type Db, Gather, type Id, KeptRows, rowsFor } from "#kernel";
import { once } from "#kernel/once";
import * as circleStore from "./circle-store.ts";
import * as store from "./store.ts";

/** Who has to do with more people than this is looked up person by person. */
const peopleMax = 500;
/** Of a circle of some hundred people. */
const circleBytes = 20_000;

const sets = once(({ followedIds, blockedIds, blockingIds }: circleStore.Circle) => ({
  followed: new Set(followedIds),
  blocked: new Set(blockedIds),
  blocking: new Set(blockingIds),
}));
const isWhole = ({ followedIds, hiddenIds }: circleStore.Circle) =>
  followedIds.length <= peopleMax && hiddenIds.length <= peopleMax;

/**
 * What somebody is to others, for whoever shows them lists: it is asked with every page and seldom changes. Kept while its
 * version is the same (`KeptRows`), for those who follow and block as many as most do.
 */
export function circlesOf(db: Db<store.Tables>) {
  const kept = new KeptRows<store.Tables, circleStore.Circle>(
    db,
    {
      versions: circleStore.versions,
      rows: (reader, ids) => circleStore.circles(reader, ids, peopleMax),
    },
    rowsFor(circleBytes),
  );
  const circleOf = async (userId: Id) => (await kept.all([userId]))[0];
  const ties = new Gather(db, store.between);
  const followed = new Gather(db, store.followed);
  const hidden = new Gather(db, store.hiddenFrom, { keysMax: 50 });
  const pairs = (userId: Id, otherIds: readonly Id[]) => otherIds.map((targetId) => ({ userId, targetId }));

  /** What both are to each other; of those with whom there is something. */
  const between = async (userId: Id, otherIds: readonly Id[]): Promise<store.Tie[]> =>
    (await ties.all(pairs(userId, otherIds))).filter((tie) => tie !== undefined);

  return {
    between,

    /** As `between`, but for whether they follow. */
    async towards(userId: Id, otherIds: readonly Id[]): Promise<Omit<store.Tie, "isFollower">[]> {
      const circle = await circleOf(userId);
      if (!circle) return [];
      if (!isWhole(circle)) return (await between(userId, otherIds)).map(({ isFollower: _, ...tie }) => tie);
      const { followed: followedIds, blocked, blocking } = sets(circle);
      return otherIds.flatMap((id) => {
        const tie = {
          userId: id,
          isFollowed: followedIds.has(id),
          isBlocked: blocked.has(id),
          isBlocking: blocking.has(id),
        };
        return tie.isFollowed || tie.isBlocked || tie.isBlocking ? [tie] : [];
      });
    },

    /** Those of these whom somebody follows. */
    async followed(userId: Id, otherIds: readonly Id[]): Promise<Id[]> {
      const circle = await circleOf(userId);
      if (!circle) return [];
      if (isWhole(circle)) return otherIds.filter((id) => sets(circle).followed.has(id));
      const are = await followed.all(pairs(userId, otherIds));
      return otherIds.filter((_, place) => are[place]);
    },

    /** Whom somebody does not meet, the latest first, and whether there are more. */
    async hiddenFrom(userId: Id, limit: number): Promise<{ userIds: Id[]; isWhole: boolean }> {
      const circle = await circleOf(userId);
      const isKept = !circle || isWhole(circle);
      const all = (isKept ? circle?.hiddenIds : await hidden.one({ userId, limit: limit + 1 })) ?? [];
      return { userIds: all.slice(0, limit), isWhole: all.length <= limit };
    },
  };
}
