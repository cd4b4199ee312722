import { type Call, callerOf, type Handlers, type Host, type Id } from "#kernel";
import { user, UserNotFound } from "#services/user/contract";
import { FollowersHidden, FollowingHidden, type relation } from "./contract.ts";
import type { Profiles } from "./profiles.ts";
import * as store from "./store.ts";
import { suggestionsOf } from "./suggestions.ts";

/** Suggestions come from the latest accounts a user follows, and from those that each of these follows. */
const throughMax = 200;
const eachMax = 200;
const namedMax = 3;
const candidatesMax = 100;

type ListsHost = Pick<Host<store.Tables>, "db" | "client" | "call">;
type Lists = Pick<Handlers<typeof relation>, "followers" | "following" | "friends" | "suggestions" | "blacklist">;

/** Lists of accounts, with their profiles. */
export function listsOf({ db, client, call: newCall }: ListsHost, { profiles, withProfiles }: Profiles): Lists {
  const within = ({ traceId, signal }: Call) => newCall({ traceId, signal });

  /** @throws UserNotFound, FollowingHidden, FollowersHidden where the profile of another user hides a list */
  async function requireVisible(id: Id, lists: readonly ("following" | "followers")[], call: Call): Promise<void> {
    if (id === call.userId) return;
    await client(user).get({ id }, within(call));
    const { items } = await client(user).privacy({ ids: [id] }, within(call));
    const [flags] = items;
    if (!flags) throw UserNotFound({});
    if (lists.includes("following") && !flags.showFollowing) throw FollowingHidden({});
    if (lists.includes("followers") && !flags.showFollowers) throw FollowersHidden({});
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
      const followedPrivacy = await client(user).privacy({ ids: followed }, within(call));
      // Accounts that hide whom they follow yield no suggestions.
      const through = followedPrivacy.items.filter(({ showFollowing }) => showFollowing).map(({ id }) => id);
      const candidates = await store.followedBy(db, userId, through, {
        each: eachMax,
        named: namedMax,
        limit: candidatesMax,
      });
      const popular = candidates.length < limit ? await store.popular(db, userId, candidatesMax) : [];
      const ids = candidates.map(({ personId }) => personId);
      const [people, flags] = await Promise.all([
        profiles([...new Set([...ids, ...popular, ...candidates.flatMap((one) => one.mutualIds)])], call),
        client(user).privacy({ ids }, within(call)),
      ]);
      const secretive = new Set(flags.items.filter((one) => !one.showFollowers).map(({ id }) => id));
      return { items: suggestionsOf({ candidates, popular, profiles: people, hidingFollowers: secretive }, limit) };
    },

    blacklist: async (page, call) => withProfiles(await store.blacklist(db.read(call), callerOf(call), page), call),
  };
}
