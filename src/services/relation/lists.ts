import { type Call, callerOf, type Handlers, type Host, type Id } from "#kernel";
import { user, UserNotFound } from "#services/user/contract";
import { FollowersHidden, FollowingHidden, type relation } from "./contract.ts";
import type { Profiles } from "./profiles.ts";
import * as store from "./store.ts";
import { suggestionsOf } from "./suggestions.ts";

/**
 * Suggestions come from three sources: the latest accounts a user follows, the accounts that these follow, and accounts
 * that users with similar follows follow.
 */
const throughMax = 200;
const eachMax = 200;
const namedMax = 3;
const candidatesMax = 100;
/** Accounts that follow the same ones are searched among the latest followers of this many of them. */
const sharedMax = 50;
const followersMax = 60;
/** As many as one query of their privacy takes. */
const alikeMax = 100;
const ofAlikeMax = 50;

type ListsHost = Pick<Host<store.Tables>, "db" | "client" | "call">;
type Lists = Pick<Handlers<typeof relation>, "followers" | "following" | "friends" | "suggestions" | "blacklist">;

/** Lists of accounts, with their profiles. */
export function createLists({ db, client, call: newCall }: ListsHost, { profiles, withProfiles }: Profiles): Lists {
  const within = ({ traceId, signal }: Call) => newCall({ traceId, signal });

  async function isFollower(userId: Id | undefined, targetId: Id): Promise<boolean> {
    const [tie] = userId === undefined ? [] : await store.towards(db, [{ userId, targetId }]);
    return tie?.isFollowed === true;
  }

  /** @throws UserNotFound, FollowingHidden, FollowersHidden where the profile of another user hides a list */
  async function requireVisible(id: Id, lists: readonly ("following" | "followers")[], call: Call): Promise<void> {
    if (id === call.userId) return;
    const { approvesFollowers } = await client(user).get({ id }, within(call));
    const { items } = await client(user).privacy({ ids: [id] }, within(call));
    const [flags] = items;
    if (!flags) throw UserNotFound({});
    if (lists.includes("following") && !flags.showFollowing) throw FollowingHidden({});
    if (!lists.includes("followers")) return;
    if (!flags.showFollowers || (approvesFollowers && !(await isFollower(call.userId, id)))) throw FollowersHidden({});
  }

  /** The given accounts that show whom they follow; other accounts yield no suggestions. */
  async function showing(ids: readonly Id[], call: Call): Promise<Id[]> {
    if (ids.length === 0) return [];
    const { items } = await client(user).privacy({ ids: [...ids] }, within(call));
    return items.filter(({ showFollowing }) => showFollowing).map(({ id }) => id);
  }

  return {
    async followers({ id, ...page }, call) {
      await requireVisible(id, ["followers"], call);
      return withProfiles(await store.followers(db, id, call.userId, page), call);
    },
    async following({ id, ...page }, call) {
      await requireVisible(id, ["following"], call);
      return withProfiles(await store.following(db, id, call.userId, page), call);
    },
    async friends({ id, ...page }, call) {
      await requireVisible(id, ["following", "followers"], call);
      return withProfiles(await store.friends(db, id, call.userId, page), call);
    },

    async suggestions({ limit }, call) {
      const userId = callerOf(call);
      const followed = (await store.latestFollowing(db, userId, throughMax)).map(({ personId }) => personId);
      const alike = await store.alike(db, userId, followed.slice(0, sharedMax), {
        each: followersMax,
        limit: alikeMax,
      });
      const [through, throughAlike] = await Promise.all([showing(followed, call), showing(alike, call)]);
      const [candidates, similar] = await Promise.all([
        store.followedBy(db, userId, through, { each: eachMax, named: namedMax, limit: candidatesMax }),
        store.followedBy(db, userId, throughAlike, { each: ofAlikeMax, named: 0, limit: candidatesMax }),
      ]);
      const ids = [...new Set([...candidates, ...similar].map(({ personId }) => personId))];
      const popular = ids.length < limit ? await store.popular(db, userId, candidatesMax) : [];
      const [people, flags] = await Promise.all([
        profiles([...new Set([...ids, ...popular, ...candidates.flatMap((candidate) => candidate.mutualIds)])], call),
        client(user).privacy({ ids }, within(call)),
      ]);
      const secretive = new Set(
        flags.items.filter((flag) => !flag.showFollowers || flag.approvesFollowers).map(({ id }) => id),
      );
      return {
        items: suggestionsOf({ candidates, similar, popular, profiles: people, hidingFollowers: secretive }, limit),
      };
    },

    blacklist: async (page, call) => withProfiles(await store.blacklist(db.read(call), callerOf(call), page), call),
  };
}
