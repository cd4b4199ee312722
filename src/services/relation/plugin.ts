import { userDeleted, userErased } from "#events/auth";
import { followRequested, userBlocked, userFollowed, userUnblocked, userUnfollowed } from "#events/relation";
import { type Host, type Id, on, plugin, type Tx, handlersOf, joinHandlers } from "#kernel";
import { forgetJob } from "#policy/copies/deleted-users";
import { user } from "#services/user/contract";
import { relation } from "./contract.ts";
import { createFollows } from "./follows.ts";
import { createLists } from "./lists.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import { createProfiles } from "./profiles.ts";
import { createFollowRequests } from "./requests/requests.ts";
import { projectionsOf } from "./projections.ts";
import * as store from "./store.ts";
import { createSweep } from "./sweep.ts";
import { createRelationships } from "./relationships.ts";

/** Far longer than any call takes. */
const deletedKeepMs = 24 * 3_600_000;

/** Follows and blocks of a deleted account that are deleted in one transaction. */
const erasureBatch = 500;

export const relationPlugin = plugin({
  contract: relation,
  needs: [user],
  migrations,
  partitionKeys,
  events: [userErased, followRequested, userFollowed, userUnfollowed, userBlocked, userUnblocked],
  start(host: Host<store.Tables>) {
    const { db, now, jobs } = host;
    const relationships = createRelationships(db);
    const sweep = createSweep(host);
    const profiles = createProfiles(host);
    const requests = createFollowRequests(host, profiles);

    async function batch(of: "user_id" | "target_id", userId: Id, after: number, limit: number) {
      const rows = await store.batchOf(db, of, userId, after, limit);
      return {
        userIds: rows.map(({ personId }) => personId),
        mutualIds: rows.flatMap(({ personId, mutualId }) => (mutualId === null ? [] : personId)),
        next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
      };
    }

    return {
      handlers: joinHandlers(
        createFollows(host),
        createLists(host, profiles),
        requests.handlers,
        handlersOf(relation, {
          states: async ({ userIds }, { userId }) => ({ items: await relationships.states(userId, userIds) }),
          followed: async ({ userIds }, { userId }) => ({
            userIds: userId === undefined ? [] : await relationships.followed(userId, userIds),
          }),
          between: async ({ userId, otherIds }) => ({ items: await relationships.between(userId, otherIds) }),
          towards: async ({ userId, otherIds }) => ({ items: await relationships.towards(userId, otherIds) }),
          followedSince: async ({ userId, otherIds }) => ({ items: await store.followedSince(db, userId, otherIds) }),
          counts: async ({ userIds }, call) => ({ items: await store.counts(db.read(call), userIds) }),
          async followersOf({ userId, after, limit }) {
            const { mutualIds: _, ...page } = await batch("target_id", userId, after, limit);
            return page;
          },
          followingOf: ({ userId, after, limit }) => batch("user_id", userId, after, limit),
          hiddenFrom: ({ userId, limit }) => relationships.hiddenFrom(userId, limit),
        }),
      ),

      subscriptions: [
        sweep.subscription,
        requests.subscription,
        on(userDeleted, async (tx: Tx<store.Tables>, { userId }) => {
          await store.markDeleted(tx, userId, now());
          await jobs.add(tx, "forget", { payload: { userId }, uniqueKey: String(userId) });
        }),
      ],

      jobs: [
        sweep.jobKind,
        requests.jobKind,
        forgetJob(relation.name, host.emit, (tx: Tx<store.Tables>, userId) =>
          store.deleteSome(tx, userId, erasureBatch),
        ),
      ],

      async *verify() {
        for (const { userId, targetId } of await store.blockedFollows(db))
          yield `user ${userId} follows ${targetId} though one blocks the other`;
      },

      schedules: [
        {
          name: "relation.deleted",
          pattern: "43 * * * *",
          run: async () => void (await db.tx((tx) => store.deleteTombstones(tx, now() - deletedKeepMs))),
        },
      ],
    };
  },
  projections: projectionsOf,
});
