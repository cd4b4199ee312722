import { userBlocked, userFollowed, userUnblocked, userUnfollowed } from "#events/relation";
import { type Call, callerOf, type Handlers, type Host, type Id, type Tx } from "#kernel";
import { user, UserNotFound } from "#services/user/contract";
import { type relation, TheyBlockYou, Yourself, YouBlockThem } from "./contract.ts";
import * as store from "./store.ts";

type FollowsHost = Pick<Host<store.Tables>, "db" | "emit" | "nextId" | "now" | "client" | "call">;
type Follows = Pick<Handlers<typeof relation>, "follow" | "unfollow" | "removeFollower" | "block" | "unblock">;

/** Commands of one user towards another: follows and blocks. */
export function createFollows({ db, emit, nextId, now, client, call: newCall }: FollowsHost): Follows {
  /** The caller and another existing user. @throws Yourself, UserNotFound */
  async function pairOf(targetId: Id, call: Call): Promise<store.Pair> {
    const userId = callerOf(call);
    if (userId === targetId) throw Yourself({});
    await client(user).get({ id: targetId }, newCall({ traceId: call.traceId, signal: call.signal }));
    return { userId, targetId };
  }

  /** Runs under the lock of both users. @throws UserNotFound where one of them was deleted meanwhile */
  const withLock = <R>(pair: store.Pair, work: (tx: Tx<store.Tables>) => Promise<R>): Promise<R> =>
    db.tx(async (tx) => {
      if (!(await store.lockPair(tx, pair))) throw UserNotFound({});
      return work(tx);
    });

  async function endFollow(tx: Tx<store.Tables>, pair: store.Pair): Promise<void> {
    if (await store.unfollow(tx, pair)) await emit(tx, userUnfollowed, pair.userId, { ...pair, atMs: now() });
  }

  return {
    async follow({ id }, call) {
      const pair = await pairOf(id, call);
      await withLock(pair, async (tx) => {
        const [state] = await store.between(tx, [pair]);
        if (state?.isBlocked) throw YouBlockThem({});
        if (state?.isBlocking) throw TheyBlockYou({});
        if (await store.follow(tx, { ...pair, id: nextId(), createdAtMs: now() }))
          await emit(tx, userFollowed, pair.userId, { ...pair, atMs: now() });
      });
      return { following: true };
    },

    async unfollow({ id }, call) {
      const pair = await pairOf(id, call);
      await withLock(pair, (tx) => endFollow(tx, pair));
      return { following: false };
    },

    async removeFollower({ id }, call) {
      const { userId, targetId } = await pairOf(id, call);
      const pair = { userId: targetId, targetId: userId };
      await withLock(pair, (tx) => endFollow(tx, pair));
      return {};
    },

    async block({ userId: targetId }, call) {
      const pair = await pairOf(targetId, call);
      await withLock(pair, async (tx) => {
        if (!(await store.block(tx, { ...pair, id: nextId(), createdAtMs: now() }))) return;
        await endFollow(tx, pair);
        await endFollow(tx, { userId: targetId, targetId: pair.userId });
        await emit(tx, userBlocked, pair.userId, { ...pair, atMs: now() });
      });
      return { blocked: true };
    },

    async unblock({ id }, call) {
      const pair = await pairOf(id, call);
      await withLock(pair, async (tx) => {
        if (await store.unblock(tx, pair)) await emit(tx, userUnblocked, pair.userId, { ...pair, atMs: now() });
      });
      return { blocked: false };
    },
  };
}
