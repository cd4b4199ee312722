import { userFollowed } from "#events/relation";
import { userUpdated } from "#events/user";
import {
  type Call,
  callerOf,
  type Handlers,
  type Host,
  type Id,
  job,
  type JobKind,
  on,
  type Page,
  type Subscription,
  type Tx,
} from "#kernel";
import type { relation } from "../contract.ts";
import type { Profiles } from "../profiles.ts";
import * as store from "../store.ts";
import * as requestStore from "./request-store.ts";

type RequestsHost = Pick<Host<store.Tables>, "db" | "emit" | "jobs" | "nextId" | "now">;
type Accept = (tx: Tx<store.Tables>, pair: store.Pair) => Promise<boolean>;

/** Users that become followers in one look at the list. */
const batchSize = 100;

interface Acceptance {
  readonly userId: Id;
  /** Later requests are for a user who approves again. */
  readonly untilMs: number;
}

/** Makes a follow of a request; false where there is none. Both users are locked. */
export const createAccept =
  ({ emit, nextId, now }: Pick<RequestsHost, "emit" | "nextId" | "now">): Accept =>
  async (tx, pair) => {
    if (!(await requestStore.remove(tx, pair))) return false;
    if (await store.follow(tx, { ...pair, id: nextId(), createdAtMs: now() }))
      await emit(tx, userFollowed, pair.userId, { ...pair, atMs: now(), isApproved: true });
    return true;
  };

/** Requests to follow a user who approves followers. */
export interface FollowRequests {
  readonly handlers: Pick<Handlers<typeof relation>, "followRequests" | "sentFollowRequests" | "answerFollowRequest">;
  readonly jobKind: JobKind;
  readonly subscription: Subscription<store.Tables>;
}

export function createFollowRequests(host: RequestsHost, { profiles }: Pick<Profiles, "profiles">): FollowRequests {
  const { db, jobs, now } = host;
  const accept = createAccept(host);

  async function present(rows: Page<{ readonly personId: Id; readonly createdAtMs: number }>, call: Call) {
    const byId = await profiles(
      rows.items.map(({ personId }) => personId),
      call,
    );
    return {
      ...rows,
      // Accounts deleted meanwhile are left out.
      items: rows.items.flatMap(({ personId, createdAtMs }) => {
        const user = byId.get(personId);
        return user === undefined ? [] : [{ user, createdAtMs }];
      }),
    };
  }

  return {
    handlers: {
      followRequests: async (page, call) => present(await requestStore.toUser(db, callerOf(call), page), call),
      sentFollowRequests: async (page, call) => present(await requestStore.ofUser(db, callerOf(call), page), call),

      async answerFollowRequest({ userId: askerId, accept: isAccepted }, call) {
        const pair = { userId: askerId, targetId: callerOf(call) };
        if (pair.userId === pair.targetId) return {};
        await db.tx(async (tx) => {
          const isThere = await store.lockPair(tx, pair);
          if (isThere && isAccepted) await accept(tx, pair);
          else await requestStore.remove(tx, pair);
        });
        return {};
      },
    },

    /** Everybody who waits becomes a follower, each in a transaction, so that a process that stops leaves the rest. */
    jobKind: job<Acceptance>({
      kind: "accept-all",
      concurrency: 1,
      attemptsMax: 12,
      leaseMs: 30_000,
      async run(running) {
        const { userId: targetId, untilMs } = running.payload;
        for (;;) {
          running.signal.throwIfAborted();
          const waiting = await requestStore.waiting(db, targetId, untilMs, batchSize);
          if (waiting.length === 0) break;
          for (const userId of waiting)
            await running.step(async (tx: Tx<store.Tables>) => {
              const pair = { userId, targetId };
              if (await store.lockPair(tx, pair)) await accept(tx, pair);
              else await requestStore.remove(tx, pair);
            });
        }
        await running.finish(async () => undefined);
      },
    }),

    subscription: on(userUpdated, async (tx: Tx<store.Tables>, { userId, approvesFollowers }) => {
      if (approvesFollowers === false)
        await jobs.add(tx, "accept-all", { payload: { userId, untilMs: now() } satisfies Acceptance });
    }),
  };
}
