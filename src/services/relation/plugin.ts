import { type Call, callerOf, type Host, type Id, job, on, plugin, type Tx } from "#kernel";
import { userDeleted, userErased } from "#policy/deleted-users";
import { user, UserNotFound } from "#services/user/contract";
import {
  FollowersHidden,
  FollowingHidden,
  relation,
  TheyBlockYou,
  userBlocked,
  userFollowed,
  userUnblocked,
  userUnfollowed,
  Yourself,
  YouBlockThem,
} from "./contract.ts";
import { tiesOf } from "./ties.ts";
import { derivedOf } from "./projections.ts";
import { migrations } from "./migrations.ts";
import * as store from "./store.ts";
import { suggestionsOf } from "./suggestions.ts";

/** Far longer than any call takes. */
const goneKeptMs = 24 * 3_600_000;
/** Of somebody who is gone, this many others are let go of at once. */
const forgottenAtOnce = 500;
/** Suggestions look at this many whom somebody follows, and at this many whom each of those follows. */
const throughMax = 200;
const eachMax = 200;
const namedMax = 3;
const candidatesMax = 100;
const briefsMax = 200;

const nothing = { isFollowed: false, isFollower: false, isBlocked: false, isBlocking: false };

export const relationPlugin = plugin({
  contract: relation,
  needs: [user],
  migrations,
  events: [userErased, userFollowed, userUnfollowed, userBlocked, userUnblocked],
  start({ db, emit, nextId, now, client, call, jobs }: Host<store.Tables>) {
    const within = ({ traceId, signal }: Call) => call({ traceId, signal });
    const ties = tiesOf(db);

    /** The caller and somebody else who exists. @throws Yourself, UserNotFound */
    async function pairOf(targetId: Id, asked: Call): Promise<store.Pair> {
      const userId = callerOf(asked);
      if (userId === targetId) throw Yourself({});
      await client(user).get({ id: targetId }, within(asked));
      return { userId, targetId };
    }

    /** Does it while nothing else changes between the two. @throws UserNotFound when one of them was deleted meanwhile. */
    const locked = <R>(pair: store.Pair, work: (tx: Tx<store.Tables>) => Promise<R>): Promise<R> =>
      db.tx(async (tx) => {
        if (!(await store.lockPair(tx, pair))) throw UserNotFound({});
        return work(tx);
      });

    async function endFollow(tx: Tx<store.Tables>, pair: store.Pair): Promise<void> {
      if (await store.unfollow(tx, pair)) await emit(tx, userUnfollowed, pair.userId, { ...pair, atMs: now() });
    }

    async function profilesOf(ids: readonly Id[], asked: Call) {
      const batches = Array.from({ length: Math.ceil(ids.length / briefsMax) }, (_, n) =>
        client(user).briefs({ ids: ids.slice(n * briefsMax, (n + 1) * briefsMax) }, within(asked)),
      );
      const found = await Promise.all(batches);
      return new Map(found.flatMap(({ items }) => items).map((item) => [item.id, item]));
    }

    async function people<P extends { items: { personId: Id }[]; next: string | null }>(found: P, asked: Call) {
      const ids = found.items.map(({ personId }) => personId);
      const profiles = await profilesOf(ids, asked);
      // Who was deleted a moment ago is left out.
      return { ...found, items: ids.flatMap((id) => profiles.get(id) ?? []) };
    }

    /** @throws UserNotFound, and `hidden` where somebody else's profile does not show it */
    async function mustShow(id: Id, lists: readonly ("following" | "followers")[], asked: Call): Promise<void> {
      if (id === asked.userId) return;
      await client(user).get({ id }, within(asked));
      const { items } = await client(user).privacy({ ids: [id] }, within(asked));
      const [flags] = items;
      if (!flags) throw UserNotFound({});
      if (lists.includes("following") && !flags.showFollowing) throw FollowingHidden({});
      if (lists.includes("followers") && !flags.showFollowers) throw FollowersHidden({});
    }

    async function batch(of: "user_id" | "target_id", userId: Id, after: number, limit: number) {
      const rows = await store.batchOf(db, of, userId, after, limit);
      return {
        userIds: rows.map(({ personId }) => personId),
        next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
      };
    }

    return {
      handlers: {
        async follow({ id }, asked) {
          const pair = await pairOf(id, asked);
          await locked(pair, async (tx) => {
            const [state] = await store.between(tx, [pair]);
            if (state?.isBlocked) throw YouBlockThem({});
            if (state?.isBlocking) throw TheyBlockYou({});
            if (await store.follow(tx, { ...pair, id: nextId(), createdAtMs: now() }))
              await emit(tx, userFollowed, pair.userId, { ...pair, atMs: now() });
          });
          return { following: true };
        },

        async unfollow({ id }, asked) {
          const pair = await pairOf(id, asked);
          await locked(pair, (tx) => endFollow(tx, pair));
          return { following: false };
        },

        async removeFollower({ id }, asked) {
          const { userId, targetId } = await pairOf(id, asked);
          const pair = { userId: targetId, targetId: userId };
          await locked(pair, (tx) => endFollow(tx, pair));
          return {};
        },

        async followers({ id, ...page }, asked) {
          await mustShow(id, ["followers"], asked);
          return people(await store.followers(db, id, asked.userId, page), asked);
        },
        async following({ id, ...page }, asked) {
          await mustShow(id, ["following"], asked);
          return people(await store.following(db, id, asked.userId, page), asked);
        },
        async friends({ id, ...page }, asked) {
          await mustShow(id, ["following", "followers"], asked);
          return people(await store.friends(db, id, asked.userId, page), asked);
        },

        async suggestions({ limit }, asked) {
          const userId = callerOf(asked);
          const followed = (await store.latestFollowing(db, userId, throughMax)).map(({ personId }) => personId);
          const shown = await client(user).privacy({ ids: followed }, within(asked));
          // Who does not show whom they follow is no reason to know somebody.
          const through = shown.items.filter(({ showFollowing }) => showFollowing).map(({ id }) => id);
          const candidates = await store.followedBy(db, userId, through, {
            each: eachMax,
            named: namedMax,
            limit: candidatesMax,
          });
          const popular = candidates.length < limit ? await store.popular(db, userId, candidatesMax) : [];
          const ids = candidates.map(({ personId }) => personId);
          const [people, flags] = await Promise.all([
            profilesOf([...new Set([...ids, ...popular, ...candidates.flatMap((one) => one.mutualIds)])], asked),
            client(user).privacy({ ids }, within(asked)),
          ]);
          const secretive = new Set(flags.items.filter((one) => !one.showFollowers).map(({ id }) => id));
          return { items: suggestionsOf({ candidates, popular, people, secretive }, limit) };
        },

        blacklist: async (page, asked) => people(await store.blacklist(db.read(asked), callerOf(asked), page), asked),

        async block({ userId: targetId }, asked) {
          const pair = await pairOf(targetId, asked);
          await locked(pair, async (tx) => {
            if (!(await store.block(tx, { ...pair, id: nextId(), createdAtMs: now() }))) return;
            await endFollow(tx, pair);
            await endFollow(tx, { userId: targetId, targetId: pair.userId });
            await emit(tx, userBlocked, pair.userId, { ...pair, atMs: now() });
          });
          return { blocked: true };
        },

        async unblock({ id }, asked) {
          const pair = await pairOf(id, asked);
          await locked(pair, async (tx) => {
            if (await store.unblock(tx, pair)) await emit(tx, userUnblocked, pair.userId, { ...pair, atMs: now() });
          });
          return { blocked: false };
        },

        async states({ userIds }, { userId }) {
          const items = userId === undefined ? [] : await ties.between(userId, userIds);
          const known = new Map(items.map((tie) => [tie.userId, tie]));
          return { items: userIds.map((id) => known.get(id) ?? { userId: id, ...nothing }) };
        },
        async followed({ userIds }, { userId }) {
          return { userIds: userId === undefined ? [] : await ties.followed(userId, userIds) };
        },
        between: async ({ userId, otherIds }) => ({ items: await ties.between(userId, otherIds) }),
        towards: async ({ userId, otherIds }) => ({ items: await ties.towards(userId, otherIds) }),
        counts: async ({ userIds }, asked) => ({ items: await store.counts(db.read(asked), userIds) }),
        followersOf: ({ userId, after, limit }) => batch("target_id", userId, after, limit),
        followingOf: ({ userId, after, limit }) => batch("user_id", userId, after, limit),
        hiddenFrom: ({ userId, limit }) => ties.hiddenFrom(userId, limit),
      },

      subscriptions: [
        on(userDeleted, async (tx: Tx<store.Tables>, { userId }) => {
          await store.markGone(tx, userId, now());
          await jobs.add(tx, "forget", { payload: { userId }, uniqueKey: String(userId) });
        }),
      ],

      jobs: [
        job<{ readonly userId: Id }>({
          kind: "forget",
          concurrency: 1,
          attemptsMax: 20,
          leaseMs: 30_000,
          // In small steps: whoever was followed by millions holds up nobody.
          async run(running) {
            const { userId } = running.payload;
            const met = { count: 1 };
            while (met.count > 0)
              await running.step(async (tx: Tx<store.Tables>) => {
                met.count = await store.forgetSome(tx, userId, forgottenAtOnce);
              });
            // The receipt is given when it is true.
            await running.finish((tx: Tx<store.Tables>) =>
              emit(tx, userErased, userId, { userId, service: relation.name }),
            );
          },
        }),
      ],

      async *verify() {
        for (const { userId, targetId } of await store.blockedFollows(db))
          yield `user ${userId} follows ${targetId} though one blocks the other`;
      },

      schedules: [
        {
          name: "relation.gone",
          pattern: "43 * * * *",
          run: async () => void (await db.tx((tx) => store.forgetGone(tx, now() - goneKeptMs))),
        },
      ],
    };
  },
  derived: derivedOf,
});
