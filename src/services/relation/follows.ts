import { followRequested, userBlocked, userFollowed, userUnblocked, userUnfollowed } from "#events/relation";
import { type Call, callerOf, type Handlers, type Host, type Id, type Tx } from "#kernel";
import { user, UserNotFound } from "#services/user/contract";
import { type relation, TheyBlockYou, Yourself, YouBlockThem } from "./contract.ts";
import { createAccept } from "./requests/requests.ts";
import * as requestStore from "./requests/request-store.ts";
import * as store from "./store.ts";

type FollowsHost = Pick<Host<store.Tables>, "db" | "emit" | "nextId" | "now" | "client" | "call">;
type Follows = Pick<Handlers<typeof relation>, "follow" | "unfollow" | "removeFollower" | "block" | "unblock">;

type Locked = <R>(pair: store.Pair, work: (tx: Tx<store.Tables>) => Promise<R>) => Promise<R>;

interface Pairs {
  /** The caller and another existing user. @throws Yourself, UserNotFound */
  readonly pairOf: (targetId: Id, call: Call) => Promise<store.Pair>;
  /** @throws UserNotFound */
  readonly approves: (id: Id, call: Call) => Promise<boolean>;
  /** Runs under the lock of both users. @throws UserNotFound where one of them was deleted meanwhile */
  readonly withLock: Locked;
  readonly endFollow: (tx: Tx<store.Tables>, pair: store.Pair) => Promise<void>;
}

function createPairs({ db, emit, now, client, call: newCall }: FollowsHost): Pairs {
  const userOf = (id: Id, call: Call) =>
    client(user).get({ id }, newCall({ traceId: call.traceId, signal: call.signal }));

  return {
    async pairOf(targetId, call) {
      const userId = callerOf(call);
      if (userId === targetId) throw Yourself({});
      await userOf(targetId, call);
      return { userId, targetId };
    },
    approves: async (id, call) => (await userOf(id, call)).approvesFollowers,
    withLock: (pair, work) =>
      db.tx(async (tx) => {
        if (!(await store.lockPair(tx, pair))) throw UserNotFound({});
        return work(tx);
      }),
    async endFollow(tx, pair) {
      if (await store.unfollow(tx, pair)) await emit(tx, userUnfollowed, pair.userId, { ...pair, atMs: now() });
    },
  };
}

/** Commands of one user towards another: follows and blocks. */
export function createFollows(host: FollowsHost): Follows {
  const { emit, nextId, now } = host;
  const { pairOf, approves, withLock, endFollow } = createPairs(host);
  const accept = createAccept(host);

  return {
    async follow({ id }, call) {
      const pair = { userId: callerOf(call), targetId: id };
      if (pair.userId === id) throw Yourself({});
      const isRequest = await approves(id, call);
      const isFollowing = await withLock(pair, async (tx) => {
        const [state] = await store.between(tx, [pair]);
        if (state?.isBlocked) throw YouBlockThem({});
        if (state?.isBlocking) throw TheyBlockYou({});
        if (state?.isFollowed) return true;
        const row = { ...pair, id: nextId(), createdAtMs: now() };
        if (isRequest) {
          if (await requestStore.insert(tx, row))
            await emit(tx, followRequested, pair.userId, { ...pair, atMs: now() });
          return false;
        }
        await requestStore.remove(tx, pair);
        if (await store.follow(tx, row)) await emit(tx, userFollowed, pair.userId, { ...pair, atMs: now() });
        return true;
      });
      if (isFollowing || (await approves(id, call))) return { following: isFollowing, requested: !isFollowing };
      // The user stopped approving meanwhile, and may have looked for who waits before this request was there.
      await withLock(pair, (tx) => accept(tx, pair));
      return { following: true, requested: false };
    },

    async unfollow({ id }, call) {
      const pair = await pairOf(id, call);
      await withLock(pair, async (tx) => {
        await requestStore.remove(tx, pair);
        await endFollow(tx, pair);
      });
      return { following: false };
    },

    async removeFollower({ id }, call) {
      const { userId, targetId } = await pairOf(id, call);
      const pair = { userId: targetId, targetId: userId };
      await withLock(pair, (tx) => endFollow(tx, pair));
      return {};
    },

    ...createBlocks(host, { pairOf, withLock, endFollow }),
  };
}

function createBlocks(
  { emit, nextId, now }: FollowsHost,
  { pairOf, withLock, endFollow }: Omit<Pairs, "approves">,
): Pick<Follows, "block" | "unblock"> {
  return {
    async block({ userId: targetId }, call) {
      const pair = await pairOf(targetId, call);
      await withLock(pair, async (tx) => {
        if (!(await store.block(tx, { ...pair, id: nextId(), createdAtMs: now() }))) return;
        for (const direction of [pair, { userId: targetId, targetId: pair.userId }]) {
          await requestStore.remove(tx, direction);
          await endFollow(tx, direction);
        }
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
