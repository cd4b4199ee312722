import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted, userErased } from "#events/auth";
import { accountSwept } from "#events/moderation";
import { followRequested, userBlocked, userFollowed, userUnblocked, userUnfollowed } from "#events/relation";
import { userUpdated } from "#events/user";
import { contract, type Host, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { UserNotFound, user } from "#services/user/contract";
import { testUser } from "#services/user/testing";
import { until } from "#test/until";
import fc from "fast-check";
import { sql } from "kysely";
import { relation } from "./contract.ts";
import { relationPlugin } from "./plugin.ts";
import type { Tables } from "./store.ts";

describe("relation", () => {
  before(async () => {
    await host.add(userStand);
    await host.add(relationPlugin);
    await host.add(listener);
  });
  beforeEach(async () => {
    await host.clear();
    publishedEvents.length = 0;
    flags.clear();
    approving.clear();
    deleted.clear();
  });
  after(() => host[Symbol.asyncDispose]());

  it("follows and unfollows once under repeated requests", async () => {
    for (let n = 0; n < 2; n++)
      assert.deepEqual(await client.follow({ id: 2 }, callOf(1)), { following: true, requested: false });
    assert.deepEqual(await countsOf(1, 2), [
      [1, 0, 0],
      [0, 1, 0],
    ]);
    await client.follow({ id: 1 }, callOf(2));
    assert.deepEqual(await countsOf(1, 2), [
      [1, 1, 1],
      [1, 1, 1],
    ]);
    for (let n = 0; n < 2; n++) assert.deepEqual(await client.unfollow({ id: 2 }, callOf(1)), { following: false });
    assert.deepEqual(await countsOf(1, 2), [
      [0, 1, 0],
      [1, 0, 0],
    ]);
    await host.drain();
    assert.deepEqual(publishedEvents.toSorted(), ["followed 1 2", "followed 2 1", "unfollowed 1 2"]);
  });

  it("asks a user who approves followers, and counts as no follower before the answer", async () => {
    approving.add(2);
    for (let n = 0; n < 2; n++)
      assert.deepEqual(await client.follow({ id: 2 }, callOf(1)), { following: false, requested: true });
    assert.deepEqual(await countsOf(1, 2), [
      [0, 0, 0],
      [0, 0, 0],
    ]);
    assert.deepEqual((await client.between({ userId: 2, otherIds: [1] }, service)).items, []);
    assert.deepEqual((await client.towards({ userId: 1, otherIds: [2] }, service)).items, []);
    assert.deepEqual((await client.followersOf({ userId: 2 }, service)).userIds, []);
    const [state] = (await client.states({ userIds: [2] }, callOf(1, { caller: "test" }))).items;
    assert.deepEqual([state?.isFollowed, state?.isRequested], [false, true]);
    assert.deepEqual(await requestsTo(2), [1]);
    assert.deepEqual(await requestsTo(1), []);
    for (let n = 0; n < 2; n++) await client.answerFollowRequest({ userId: 1, accept: true }, callOf(2));
    assert.deepEqual(await requestsTo(2), []);
    assert.deepEqual(await countsOf(1, 2), [
      [1, 0, 0],
      [0, 1, 0],
    ]);
    assert.deepEqual(await client.follow({ id: 2 }, callOf(1)), { following: true, requested: false });
    await host.drain();
    assert.deepEqual(publishedEvents, ["requested 1 2", "followed 1 2"]);
  });

  it("ends a request by a refusal, a withdrawal, a block and a deletion, and accepts none that is not there", async () => {
    approving.add(2);
    const ask = () => client.follow({ id: 2 }, callOf(1));
    await ask();
    await client.answerFollowRequest({ userId: 1, accept: false }, callOf(2));
    assert.deepEqual(await requestsTo(2), []);
    await client.answerFollowRequest({ userId: 1, accept: true }, callOf(2));
    await client.answerFollowRequest({ userId: 2, accept: true }, callOf(1));
    await ask();
    assert.deepEqual(await client.unfollow({ id: 2 }, callOf(1)), { following: false });
    assert.deepEqual(await requestsTo(2), []);
    await ask();
    await client.block({ userId: 1 }, callOf(2));
    await client.unblock({ id: 1 }, callOf(2));
    assert.deepEqual(await requestsTo(2), []);
    await ask();
    await neighbour?.db.tx((tx) => neighbour?.emit(tx, userDeleted, 1, { userId: 1 }) ?? Promise.resolve());
    await host.drain();
    const left = await host.database<Tables>("relation").selectFrom("relation.follow_requests").selectAll().execute();
    assert.deepEqual(left, []);
    assert.deepEqual(await countsOf(2), [[0, 0, 0]]);
  });

  it("makes followers of all who wait when approving is switched off, and of who asks at that moment", async () => {
    approving.add(2);
    for (const id of [3, 4, 5]) await client.follow({ id: 2 }, callOf(id));
    approving.delete(2);
    const profile = { userId: 2, version: 2, username: "u2", nickname: "U2", avatar: "" };
    await neighbour?.db.tx(
      (tx) => neighbour?.emit(tx, userUpdated, 2, { ...profile, approvesFollowers: false }) ?? Promise.resolve(),
    );
    await host.drain();
    assert.deepEqual(await requestsTo(2), []);
    assert.deepEqual(await countsOf(2), [[0, 3, 0]]);
    assert.deepEqual(new Set((await client.followersOf({ userId: 2 }, service)).userIds), new Set([3, 4, 5]));
    approving.add(2);
    stopsApproving = true;
    assert.deepEqual(await client.follow({ id: 2 }, callOf(6)), { following: true, requested: false });
    assert.deepEqual(await requestsTo(2), []);
  });

  it("shows the followers of a user who approves them to followers alone, and names none in suggestions", async () => {
    await client.follow({ id: 2 }, callOf(1));
    approving.add(2);
    for (const list of [client.followers, client.friends]) {
      await assert.rejects(list({ id: 2 }, callOf(3)), { code: "relation.followers_hidden", http: 403 });
      await assert.rejects(list({ id: 2 }, callOf()), { code: "relation.followers_hidden" });
      await list({ id: 2 }, callOf(1));
      await list({ id: 2 }, callOf(2));
    }
    await client.follow({ id: 1 }, callOf(3));
    const { items } = await client.suggestions({}, callOf(3));
    assert.deepEqual(items.find(({ id }) => id === 2)?.mutuals ?? [], []);
  });

  it("ends the follows of an account whose acts are taken back, and nobody else's", async () => {
    for (const id of [2, 3, 4]) await client.follow({ id }, callOf(1));
    await client.follow({ id: 1 }, callOf(2));
    await host.drain();
    publishedEvents.length = 0;
    const sweep = { userId: 1, sweepId: 9, atMs: 1 };
    for (let n = 0; n < 2; n++)
      await neighbour?.db.tx((tx) => neighbour?.emit(tx, accountSwept, 1, sweep) ?? Promise.resolve());
    await host.drain();
    assert.deepEqual(await countsOf(1, 2, 3), [
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
    ]);
    assert.deepEqual(publishedEvents.toSorted(), ["unfollowed 1 2", "unfollowed 1 3", "unfollowed 1 4"]);
  });

  it("refuses oneself, unknown users and anonymous callers", async () => {
    const acts = [
      (id: number, by?: number) => client.follow({ id }, callOf(by)),
      (id: number, by?: number) => client.unfollow({ id }, callOf(by)),
      (id: number, by?: number) => client.removeFollower({ id }, callOf(by)),
      (id: number, by?: number) => client.block({ userId: id }, callOf(by)),
      (id: number, by?: number) => client.unblock({ id }, callOf(by)),
    ];
    for (const act of acts) {
      await assert.rejects(act(1, 1), { code: "relation.yourself", http: 400 });
      await assert.rejects(act(nobody, 1), { code: "user.not_found", http: 404 });
      await assert.rejects(act(2), { http: 401 });
    }
    for (const list of [client.followers, client.following, client.friends])
      await assert.rejects(list({ id: nobody }, callOf(1)), { code: "user.not_found" });
  });

  it("ends both follows with a block, and allows none while it stands", async () => {
    await client.follow({ id: 2 }, callOf(1));
    await client.follow({ id: 1 }, callOf(2));
    for (let n = 0; n < 2; n++) assert.deepEqual(await client.block({ userId: 2 }, callOf(1)), { blocked: true });
    assert.deepEqual(await countsOf(1, 2), [
      [0, 0, 0],
      [0, 0, 0],
    ]);
    await assert.rejects(client.follow({ id: 2 }, callOf(1)), { code: "relation.you_block_them", http: 403 });
    await assert.rejects(client.follow({ id: 1 }, callOf(2)), { code: "relation.they_block_you", http: 403 });
    assert.deepEqual(await idsOf(client.blacklist({}, callOf(1))), [2]);
    assert.deepEqual(await idsOf(client.blacklist({}, callOf(2))), []);
    const seen = await client.between({ userId: 1, otherIds: [2, 3] }, service);
    assert.deepEqual(seen.items, [
      { userId: 2, isFollowed: false, isFollower: false, isBlocked: true, isBlocking: false },
    ]);
    const other = await client.between({ userId: 2, otherIds: [1] }, service);
    assert.deepEqual(other.items, [
      { userId: 1, isFollowed: false, isFollower: false, isBlocked: false, isBlocking: true },
    ]);
    for (const userId of [1, 2])
      assert.deepEqual(await client.hiddenFrom({ userId }, service), { userIds: [3 - userId], isWhole: true });
    for (let n = 0; n < 2; n++) assert.deepEqual(await client.unblock({ id: 2 }, callOf(1)), { blocked: false });
    await client.follow({ id: 1 }, callOf(2));
    await host.drain();
    assert.deepEqual(publishedEvents.toSorted(), [
      "blocked 1 2",
      "followed 1 2",
      "followed 2 1",
      "followed 2 1",
      "unblocked 1 2",
      "unfollowed 1 2",
      "unfollowed 2 1",
    ]);
  });

  it("bounds the users that are hidden from a user, and reports that there are more", async () => {
    for (const id of [2, 3]) await client.block({ userId: id }, callOf(1));
    await client.block({ userId: 1 }, callOf(4));
    await client.block({ userId: 1 }, callOf(3));
    assert.deepEqual(await client.hiddenFrom({ userId: 1, limit: 2 }, service), { userIds: [3, 4], isWhole: false });
    assert.deepEqual(await client.hiddenFrom({ userId: 1, limit: 3 }, service), { userIds: [3, 4, 2], isWhole: true });
  });

  it("lists the latest first, without users that the viewer blocks or is blocked by", async () => {
    for (const id of [2, 3, 4]) await client.follow({ id: 1 }, callOf(id));
    for (const id of [3, 2]) await client.follow({ id }, callOf(1));
    assert.deepEqual(await idsOf(client.followers({ id: 1 }, callOf(9))), [4, 3, 2]);
    assert.deepEqual(await idsOf(client.following({ id: 1 }, callOf())), [2, 3]);
    assert.deepEqual(await idsOf(client.friends({ id: 1 }, callOf(9))), [2, 3]);
    await client.block({ userId: 3 }, callOf(9));
    await client.block({ userId: 9 }, callOf(4));
    assert.deepEqual(await idsOf(client.followers({ id: 1 }, callOf(9))), [2]);
    assert.deepEqual(await idsOf(client.following({ id: 1 }, callOf(9))), [2]);
    assert.deepEqual(await idsOf(client.friends({ id: 1 }, callOf(9))), [2]);
    assert.deepEqual(await idsOf(client.followers({ id: 1 }, callOf(8))), [4, 3, 2]);
  });

  it("removes a follower", async () => {
    await client.follow({ id: 1 }, callOf(2));
    await client.follow({ id: 2 }, callOf(1));
    for (let n = 0; n < 2; n++) await client.removeFollower({ id: 2 }, callOf(1));
    assert.deepEqual(await countsOf(1, 2), [
      [1, 0, 0],
      [0, 1, 0],
    ]);
    await host.drain();
    assert.ok(publishedEvents.includes("unfollowed 2 1"));
  });

  it("shows a list that its owner hides to its owner alone", async () => {
    await client.follow({ id: 1 }, callOf(2));
    await client.follow({ id: 2 }, callOf(1));
    flags.set(1, { showFollowing: false, showFollowers: true });
    for (const by of [2, undefined]) {
      await assert.rejects(client.following({ id: 1 }, callOf(by)), { code: "relation.following_hidden", http: 403 });
      await assert.rejects(client.friends({ id: 1 }, callOf(by)), { code: "relation.following_hidden" });
      assert.deepEqual(await idsOf(client.followers({ id: 1 }, callOf(by))), [2]);
    }
    flags.set(1, { showFollowing: true, showFollowers: false });
    await assert.rejects(client.followers({ id: 1 }, callOf(2)), { code: "relation.followers_hidden", http: 403 });
    await assert.rejects(client.friends({ id: 1 }, callOf(2)), { code: "relation.followers_hidden" });
    for (const list of [client.followers, client.following, client.friends])
      assert.deepEqual(await idsOf(list({ id: 1 }, callOf(1))), [2]);
  });

  for (const list of ["followers", "following", "friends"] as const)
    it(`pages through ${list} without gap or repeat while rows are added and deleted`, async () => {
      const meet = async (id: number) => {
        await client.follow({ id: 1 }, callOf(id));
        await client.follow({ id }, callOf(1));
      };
      for (let id = 100; id < 160; id++) await meet(id);
      const whole = await client[list]({ id: 1, limit: 100, count: true }, callOf(1));
      assert.deepEqual([whole.items.length, whole.total], [60, 60]);
      const seen: number[] = [];
      for (let cursor: string | null = null, n = 0; n === 0 || cursor !== null; n++) {
        const page: { items: { id: number }[]; next: string | null } = await client[list](
          { id: 1, limit: 7, ...(cursor !== null && { cursor }) },
          callOf(1),
        );
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.next;
        // A new follower is listed first, and the last of the page is removed.
        await meet(200 + n);
        const shown = seen.at(-1) ?? 0;
        await client.unfollow({ id: shown }, callOf(1));
        await client.unfollow({ id: 1 }, callOf(shown));
      }
      assert.deepEqual(
        seen,
        Array.from({ length: 60 }, (_, n) => 159 - n),
      );
    });

  it("lists all followers in batches, also accounts that follow during the listing", async () => {
    for (let id = 10; id < 15; id++) await client.follow({ id: 1 }, callOf(id));
    const first = await client.followersOf({ userId: 1, limit: 3 }, service);
    assert.deepEqual(first.userIds, [10, 11, 12]);
    await client.follow({ id: 1 }, callOf(15));
    const second = await client.followersOf({ userId: 1, limit: 3, after: first.next ?? 0 }, service);
    assert.deepEqual(second.userIds, [13, 14, 15]);
    const last = await client.followersOf({ userId: 1, limit: 3, after: second.next ?? 0 }, service);
    assert.deepEqual(last, { userIds: [], next: null });
    await client.follow({ id: 11 }, callOf(10));
    await client.follow({ id: 10 }, callOf(11));
    assert.deepEqual(await client.followingOf({ userId: 10 }, service), {
      userIds: [1, 11],
      mutualIds: [11],
      next: null,
    });
  });

  it("suggests accounts followed by followed accounts, with the mutual ones", async () => {
    for (const [by, id] of [
      [1, 2],
      [1, 3],
      [2, 4],
      [3, 4],
      [2, 5],
      [3, 1],
      [2, 3],
      [6, 7],
    ] as const)
      await client.follow({ id }, callOf(by));
    const suggested = async (by: number) =>
      (await client.suggestions({}, callOf(by))).items.map((item) => [
        item.id,
        item.reason,
        item.mutualCount,
        item.mutuals.map(({ id }) => id),
      ]);
    assert.deepEqual(await suggested(1), [
      [4, "followed_by_following", 2, [3, 2]],
      [5, "followed_by_following", 1, [2]],
      [7, "popular", 0, []],
    ]);
    await client.block({ userId: 4 }, callOf(1));
    await client.block({ userId: 1 }, callOf(7));
    assert.deepEqual(await suggested(1), [[5, "followed_by_following", 1, [2]]]);
    flags.set(2, { showFollowing: false, showFollowers: true });
    assert.deepEqual(await suggested(1), [[5, "popular", 0, []]], "whom 2 follows stays between 2 and them");
    flags.set(2, { showFollowing: true, showFollowers: true });
    flags.set(5, { showFollowing: true, showFollowers: false });
    assert.deepEqual(await suggested(1), [[5, "popular", 0, []]], "who follows 5 stays between 5 and them");
    const [most] = await suggested(50);
    assert.deepEqual(most?.slice(0, 2), [4, "popular"]);
  });

  it("suggests accounts that at least three others follow who follow the same, and does not name these", async () => {
    await client.follow({ id: 2 }, callOf(1));
    const alike = [11, 12, 13];
    for (const by of alike) for (const id of [2, 20]) await client.follow({ id }, callOf(by));
    for (const by of [11, 12]) await client.follow({ id: 21 }, callOf(by));
    const reasons = async (by = 1) =>
      new Map((await client.suggestions({}, callOf(by))).items.map(({ id, reason }) => [id, reason]));
    const { items } = await client.suggestions({}, callOf(1));
    const { reason, mutuals, mutualCount, id } = items[0] ?? assert.fail();
    assert.deepEqual([id, reason, mutuals, mutualCount], [20, "similar_to_following", [], 0]);
    assert.equal((await reasons()).get(21), "popular", "two could be told apart");
    assert.equal((await reasons(50)).get(20), "popular", "a user who follows nobody");

    flags.set(13, { showFollowing: false, showFollowers: true });
    assert.equal((await reasons()).get(20), "popular", "whom 13 follows stays between 13 and them");
    flags.clear();
    flags.set(20, { showFollowing: true, showFollowers: false });
    assert.equal((await reasons()).get(20), "popular", "who follows 20 stays between 20 and them");
    flags.clear();
    await client.block({ userId: 1 }, callOf(13));
    assert.equal((await reasons()).get(20), "popular", "13 is hidden from 1");
    await client.unblock({ id: 1 }, callOf(13));
    assert.equal((await reasons()).get(20), "similar_to_following");
    await client.unfollow({ id: 2 }, callOf(12));
    assert.equal((await reasons()).get(20), "popular");
    await client.follow({ id: 2 }, callOf(12));
    await client.follow({ id: 20 }, callOf(1));
    assert.equal((await reasons()).get(20), undefined, "it is followed already");
    await client.unfollow({ id: 20 }, callOf(1));
    await client.block({ userId: 20 }, callOf(1));
    assert.equal((await reasons()).get(20), undefined);
  });

  it("suggests first what has both kinds of reasons", async () => {
    for (const id of [2, 3]) await client.follow({ id }, callOf(1));
    for (const id of [20, 21]) await client.follow({ id }, callOf(2));
    for (const by of [11, 12, 13]) for (const id of [3, 20, 22]) await client.follow({ id }, callOf(by));
    const { items } = await client.suggestions({}, callOf(1));
    assert.deepEqual(
      items.slice(0, 3).map(({ id, reason, mutuals }) => [id, reason, mutuals.length]),
      [
        [20, "followed_by_following", 1],
        [22, "similar_to_following", 0],
        [21, "followed_by_following", 1],
      ],
    );
  });

  it("deletes everything of a deleted account, with its part of every count, and accepts nothing new for it", async () => {
    for (const id of [2, 3]) {
      await client.follow({ id: 1 }, callOf(id));
      await client.follow({ id }, callOf(1));
    }
    await client.block({ userId: 1 }, callOf(4));
    await client.block({ userId: 5 }, callOf(1));
    await neighbour.db.tx((tx) => neighbour.emit(tx, userDeleted, 1, { userId: 1 }));
    await host.drain();
    // The profile is still found by who asked a moment before.
    await assert.rejects(client.follow({ id: 1 }, callOf(2)), { code: "user.not_found" });
    await assert.rejects(client.block({ userId: 1 }, callOf(2)), { code: "user.not_found" });
    assert.deepEqual(await countsOf(1, 2, 3), [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const db = host.database<Tables>("relation");
    for (const table of ["relation.follows", "relation.blocks"] as const)
      assert.deepEqual(await db.selectFrom(table).select("user_id").execute(), [], table);
    assert.deepEqual(await host.findings("relation"), []);
  });

  it("deletes an account with many followers in steps, while others follow and unfollow", async () => {
    const many = Array.from({ length: 1_200 }, (_, n) => 1_000 + n);
    await host.database<Tables>("relation").tx(async (tx) => {
      await tx
        .insertInto("relation.follows")
        .values(many.map((id) => ({ id, user_id: id, target_id: 1, created_at_ms: 1 })))
        .execute();
      await tx
        .insertInto("relation.user_counts")
        .values([{ user_id: 1, follower_count: 1_200 }, ...many.map((id) => ({ user_id: id, follow_count: 1 }))])
        .execute();
    });
    await neighbour.db.tx((tx) => neighbour.emit(tx, userDeleted, 1, { userId: 1 }));
    await Promise.all(many.slice(0, 60).map((id) => client.follow({ id: id + 100 }, callOf(id))));
    await host.drain();
    assert.deepEqual(await host.findings("relation"), []);
    assert.deepEqual(await countsOf(1, 1_000, 1_100), [
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });

  it("confirms the erasure of an account only when all its data is deleted", async () => {
    await client.follow({ id: 1 }, callOf(2));
    const db = host.database<Tables>("relation");
    const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = db.tx(async (tx) => {
      await tx.selectFrom("relation.user_counts").select("user_id").where("user_id", "=", 2).forUpdate().execute();
      held.resolve();
      await free.promise;
    });
    await held.promise;
    await neighbour.db.tx((tx) => neighbour.emit(tx, userDeleted, 1, { userId: 1 }));
    const isAtWork = async () => {
      const { rows } = await sql<{ is: boolean }>`
        SELECT EXISTS (SELECT FROM jobs WHERE kind = 'forget' AND state = 'running')
           AND NOT EXISTS (SELECT FROM outbox) AS is`.execute(db);
      return rows[0]?.is === true;
    };
    const receipts = () => publishedEvents.filter((fact) => fact.startsWith("erased"));
    await until(isAtWork, { said: () => "nobody forgets" }).finally(free.resolve);
    const early = receipts();
    await holding;
    await host.drain();
    assert.deepEqual([early, receipts()], [[], ["erased 1 relation"]]);
  });

  it("keeps counts equal to rows when fifty users follow, unfollow and block each other concurrently", async () => {
    const db = host.database<Tables>("relation");
    for (let seed = 1; seed <= 20; seed++) {
      const random = randomOf(seed);
      const acts = Array.from({ length: 50 }, async (_, by) => {
        for (let n = 0; n < 4; n++) {
          const id = 1 + random(6);
          const act = random(10);
          if (id === by + 1) continue;
          const call = callOf(by + 1);
          const done =
            act < 5
              ? client.follow({ id }, call)
              : act < 8
                ? client.unfollow({ id }, call)
                : act < 9
                  ? client.block({ userId: id }, call)
                  : client.unblock({ id }, call);
          await done.catch((error: unknown) => assert.match(String((error as { code?: string }).code), /_block_/));
        }
      });
      await Promise.all(acts);
      assert.deepEqual(await host.findings("relation"), [], `seed ${seed}`);
      const { rows } = await both(db);
      assert.equal(rows, 0, `seed ${seed}: nobody follows over a block`);
    }
    const findings = await Array.fromAsync((await host.host()).verify({ readsAll: false }));
    assert.deepEqual(findings, []);
  });

  it("locks the lower id first in either direction, so that there are no deadlocks", async () => {
    await client.follow({ id: 2 }, callOf(1));
    const db = host.database<Tables>("relation");
    let waiting: Promise<unknown> = Promise.resolve();
    await db.tx(async (tx) => {
      const counts = tx.selectFrom("relation.user_counts").select("user_id");
      await counts.where("user_id", "=", 1).forUpdate().execute();
      waiting = client.follow({ id: 1 }, callOf(2));
      await until(async () => (await waiters(db)) > 0);
      // It waits for the first and holds nothing: the other is there to be locked.
      const free = await counts.where("user_id", "=", 2).forUpdate().skipLocked().execute();
      assert.equal(free.length, 1);
    });
    await waiting;
    assert.deepEqual(await countsOf(1), [[1, 1, 1]]);
  });

  it("counts fifty concurrent follows of one user once each, and zero after as many unfollows (S7.2)", async () => {
    const everybody = Array.from({ length: 50 }, (_, n) => 10 + n);
    await Promise.all([...everybody, ...everybody].map((by) => client.follow({ id: 1 }, callOf(by))));
    assert.deepEqual(await countsOf(1), [[0, 50, 0]]);
    await Promise.all([...everybody, ...everybody].map((by) => client.unfollow({ id: 1 }, callOf(by))));
    assert.deepEqual(await countsOf(1), [[0, 0, 0]]);
    await host.drain();
    assert.equal(publishedEvents.length, 100, "each is published once");
  });

  it("agrees with a naive model under any sequence of commands", async () => {
    const person = fc.integer({ min: 1, max: 5 });
    const kind = fc.constantFrom("follow", "follow", "unfollow", "block", "unblock", "remove", "delete" as const);
    const acts = fc.array(fc.record({ kind, by: person, id: person }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(acts, async (steps) => {
        await host.clear();
        deleted.clear();
        const follows: string[] = [];
        const blocks = new Set<string>();
        const drop = (pair: string) => void (follows.includes(pair) && follows.splice(follows.indexOf(pair), 1));
        for (const { kind, by, id } of steps) {
          if (deleted.has(by) || deleted.has(id) || by === id) continue;
          const call = callOf(by);
          const [out, back] = [`${by} ${id}`, `${id} ${by}`];
          if (kind === "follow") {
            const isRefused = blocks.has(out) || blocks.has(back);
            const done = client.follow({ id }, call);
            if (isRefused) await assert.rejects(done, { http: 403 });
            else await done;
            if (!isRefused && !follows.includes(out)) follows.unshift(out);
          } else if (kind === "unfollow") {
            await client.unfollow({ id }, call);
            drop(out);
          } else if (kind === "remove") {
            await client.removeFollower({ id }, call);
            drop(back);
          } else if (kind === "block") {
            await client.block({ userId: id }, call);
            blocks.add(out);
            drop(out);
            drop(back);
          } else if (kind === "unblock") {
            await client.unblock({ id }, call);
            blocks.delete(out);
          } else if (id === 5) {
            await neighbour.db.tx((tx) => neighbour.emit(tx, userDeleted, 5, { userId: 5 }));
            await host.drain();
            deleted.add(5);
            for (const pair of follows.slice()) if (pair.includes("5")) drop(pair);
            for (const pair of blocks) if (pair.includes("5")) blocks.delete(pair);
          }
          // Answers are current after each step.
          const others = [1, 2, 3, 4, 5];
          for (const one of kind === "delete" ? others : [by, id]) {
            if (deleted.has(one)) continue;
            const relationships = others.map((userId) => ({
              userId,
              isFollowed: follows.includes(`${one} ${userId}`),
              isBlocked: blocks.has(`${one} ${userId}`),
              isBlocking: blocks.has(`${userId} ${one}`),
            }));
            const { items } = await client.towards({ userId: one, otherIds: others }, service);
            assert.deepEqual(
              items,
              relationships.filter((one) => Object.values(one).includes(true)),
            );
            const { userIds } = await client.hiddenFrom({ userId: one }, service);
            assert.deepEqual(
              new Set(userIds),
              new Set(relationships.filter((one) => one.isBlocked || one.isBlocking).map((one) => one.userId)),
            );
          }
        }
        for (let id = 1; id <= 5; id++) {
          const out = follows.filter((pair) => pair.startsWith(`${id} `)).map((pair) => Number(pair.split(" ")[1]));
          const back = follows.filter((pair) => pair.endsWith(` ${id}`)).map((pair) => Number(pair.split(" ")[0]));
          const mutual = out.filter((other) => back.includes(other));
          assert.deepEqual(await countsOf(id), [[out.length, back.length, mutual.length]]);
          if (deleted.has(id)) continue;
          assert.deepEqual(await idsOf(client.following({ id }, callOf(id))), out);
          assert.deepEqual(await idsOf(client.followers({ id }, callOf(id))), back);
          assert.deepEqual(new Set(await idsOf(client.friends({ id }, callOf(id)))), new Set(mutual));
          const all = [1, 2, 3, 4, 5];
          const { items } = await client.between({ userId: id, otherIds: all }, service);
          const relationships = all.map((userId) => ({
            userId,
            isFollowed: out.includes(userId),
            isFollower: back.includes(userId),
            isBlocked: blocks.has(`${id} ${userId}`),
            isBlocking: blocks.has(`${userId} ${id}`),
          }));
          assert.deepEqual(
            items,
            relationships.filter((one) => Object.values(one).includes(true)),
          );
          const states = relationships.map((one) => ({ ...one, isRequested: false }));
          assert.deepEqual((await client.states({ userIds: all }, as(id))).items, states);
          const followed = await client.followed({ userIds: all }, as(id));
          assert.deepEqual(
            followed.userIds,
            relationships.filter(({ isFollowed }) => isFollowed).map(({ userId }) => userId),
          );
        }
        assert.deepEqual(await host.findings("relation"), []);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it("deletes a block with a deleted account that has no follows", async () => {
    await client.block({ userId: 5 }, callOf(1));
    await client.block({ userId: 2 }, callOf(5));
    const hidden = async (userId: number) => (await client.hiddenFrom({ userId }, service)).userIds;
    assert.deepEqual([await hidden(1), await hidden(2)], [[5], [5]]);
    await neighbour.db.tx((tx) => neighbour.emit(tx, userDeleted, 5, { userId: 5 }));
    await host.drain();
    assert.deepEqual([await hidden(1), await hidden(2)], [[], []]);
  });

  it("answers the same for users who follow or block hundreds as for others", async () => {
    await client.follow({ id: 2 }, callOf(1));
    await client.block({ userId: 3 }, callOf(1));
    await client.block({ userId: 1 }, callOf(4));
    const all = [2, 3, 4, 5, 1_050];
    const seen = async () => ({
      relationships: (await client.towards({ userId: 1, otherIds: all }, service)).items,
      followed: (await client.followed({ userIds: all }, as(1))).userIds,
      hidden: (await client.hiddenFrom({ userId: 1, limit: 2 }, service)).userIds,
    });
    const few = await seen();
    assert.deepEqual([few.followed, few.hidden], [[2], [4, 3]]);
    assert.deepEqual(
      few.relationships.map(({ userId, isFollowed, isBlocked, isBlocking }) => [
        userId,
        isFollowed,
        isBlocked,
        isBlocking,
      ]),
      [
        [2, true, false, false],
        [3, false, true, false],
        [4, false, false, true],
      ],
    );
    const db = host.database<Tables>("relation");
    const many = (from: number) =>
      Array.from({ length: 600 }, (_, n) => ({ id: n + 1, target_id: from + n, user_id: 1, created_at_ms: 1 }));
    for (const table of ["relation.follows", "relation.blocks"] as const) {
      await db
        .insertInto(table)
        .values(many(table === "relation.follows" ? 1_000 : 2_000))
        .execute();
      await db.updateTable("relation.user_counts").set({ follow_count: 601 }).where("user_id", "=", 1).execute();
      const now = await seen();
      assert.deepEqual(
        now,
        {
          ...few,
          relationships: [...few.relationships, { ...few.relationships[0], userId: 1_050 }],
          followed: [2, 1_050],
        },
        table,
      );
    }
  });

  it("finds drifted counts and wrong marks in reconciliation", async () => {
    await client.follow({ id: 2 }, callOf(1));
    await client.follow({ id: 1 }, callOf(2));
    const db = host.database<Tables>("relation");
    await db.updateTable("relation.user_counts").set({ friend_count: 2 }).where("user_id", "=", 1).execute();
    await db.updateTable("relation.follows").set({ mutual_id: null }).where("user_id", "=", 2).execute();
    assert.deepEqual(await host.findings("relation"), [
      "the friends of user 1 are counted as 2 and there are 1",
      "what is between user 1 and 2 did not say whether they follow each other",
    ]);
  });

  it("answers no relations and zero counts for an unknown user", async () => {
    assert.deepEqual(await client.followed({ userIds: [1, 2] }, service), { userIds: [] });
    assert.deepEqual(await countsOf(77), [[0, 0, 0]]);
  });
});

const service = callOf(undefined, { caller: "test" });
const as = (userId: number) => callOf(userId, { caller: "test" });
const host = new TestHost();
const client = host.client(relation);
const publishedEvents: string[] = [];
const nobody = 404;
const flags = new Map<number, { showFollowing: boolean; showFollowers: boolean }>();
const deleted = new Set<number>();
let neighbour: Host;

const idsOf = async (list: Promise<{ items: { id: number }[] }>) => (await list).items.map(({ id }) => id);
async function countsOf(...userIds: number[]) {
  const { items } = await client.counts({ userIds }, service);
  return userIds.map((id) => {
    const match = items.find(({ userId }) => userId === id);
    return [match?.followCount, match?.followerCount, match?.friendCount];
  });
}

/** The number of follows between accounts of which one blocks the other. */
async function both(db: ReturnType<typeof host.database<Tables>>): Promise<{ rows: number }> {
  const follows = await db.selectFrom("relation.follows").select(["user_id", "target_id"]).execute();
  const blocks = await db.selectFrom("relation.blocks").select(["user_id", "target_id"]).execute();
  const blocked = new Set(blocks.flatMap((b) => [`${b.user_id} ${b.target_id}`, `${b.target_id} ${b.user_id}`]));
  return { rows: follows.filter((f) => blocked.has(`${f.user_id} ${f.target_id}`)).length };
}

/** The number of sessions that wait for a lock. */
async function waiters(db: ReturnType<typeof host.database<Tables>>): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`SELECT count(*)::integer AS waiting FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(db);
  return rows[0]?.waiting ?? 0;
}

/** Numbers below a bound, the same for the same seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The next look at a user is the last one at which the user approves. */
let stopsApproving = false;
const requestsTo = async (id: number) =>
  (await client.followRequests({}, callOf(id))).items.map(({ user: asking }) => asking.id);
/** Users who approve their followers. */
const approving = new Set<number>();
const brief = (id: number) => ({ id, username: `u${id}`, nickname: `U${id}`, avatar: "", introduction: "" });
/** Replaces the user service: every id is a user, save one. */
const userStand = plugin({
  contract: contract("user", 1, {
    get: user.methods.get,
    briefs: user.methods.briefs,
    privacy: user.methods.privacy,
  }),
  needs: [],
  migrations: [],
  start(given: Host) {
    neighbour = given;
    return {
      handlers: {
        get: async ({ id }) => {
          if (id === nobody) throw UserNotFound({});
          const isApproving = approving.has(id);
          if (stopsApproving) approving.delete(id);
          stopsApproving = false;
          return { ...testUser(id), ...brief(id), approvesFollowers: isApproving };
        },
        briefs: async ({ ids }) => ({ items: ids.filter((id) => id !== nobody).map(brief) }),
        privacy: async ({ ids }) => ({
          items: ids.map((id) => ({
            id,
            showFavorites: true,
            showLikes: true,
            approvesFollowers: approving.has(id),
            ...(flags.get(id) ?? { showFollowing: true, showFollowers: true }),
          })),
        }),
      },
    };
  },
});
const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [
      on(userFollowed, async (_, { userId, targetId }) => void publishedEvents.push(`followed ${userId} ${targetId}`)),
      on(
        userUnfollowed,
        async (_, { userId, targetId }) => void publishedEvents.push(`unfollowed ${userId} ${targetId}`),
      ),
      on(
        followRequested,
        async (_, { userId, targetId }) => void publishedEvents.push(`requested ${userId} ${targetId}`),
      ),
      on(userBlocked, async (_, { userId, targetId }) => void publishedEvents.push(`blocked ${userId} ${targetId}`)),
      on(
        userUnblocked,
        async (_, { userId, targetId }) => void publishedEvents.push(`unblocked ${userId} ${targetId}`),
      ),
      on(userErased, async (_, { userId, service: by }) => void publishedEvents.push(`erased ${userId} ${by}`)),
    ],
  }),
});
